"""What is left to read of a hidden name or number."""

import pytest

from placement.web.masks import mask_email, mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        pytest.param("350000200405173824", "3500************24", id="resident"),
        pytest.param("35000020040517382X", "3500************2X", id="check-letter"),
        pytest.param("E12345678", "E*******8", id="passport"),
        pytest.param("A1", "**", id="too-short-to-show-anything"),
        pytest.param("", "", id="empty"),
        pytest.param(None, "", id="none"),
    ],
)
def test_id_number_keeps_no_birthday(number, shown):
    assert mask_id(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("林梅", "林*"),
        ("王小明", "王**"),
        ("阿依古丽·买买提", "阿**"),
        ("Lin Mei", "L**"),
        ("林", "林"),
        (None, ""),
    ],
)
def test_name_keeps_its_first_character(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "+86*******5678"),
        ("83210000", "******00"),
        ("12", "**"),
        (None, ""),
    ],
)
def test_phone_keeps_its_ends(number, shown):
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [("lin.mei@school.example", "l***@school.example"), ("", ""), (None, "")],
)
def test_mail_address_keeps_its_domain(address, shown):
    assert mask_email(address) == shown
