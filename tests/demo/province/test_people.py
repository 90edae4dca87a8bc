"""The made-up people can be told apart, reached by nobody, and looked after by somebody."""

from collections import Counter

import numpy as np
import pytest
from stdnum.cn import uscc

from placement.demo.province.draws import rank_within, share_out
from placement.demo.province.employers import make_employers
from placement.demo.province.people import make_id_numbers
from placement.demo.province.plan import Plan
from placement.demo.province.words import read_words
from placement.reference.names import fold_name


def test_addresses_and_numbers_reach_nobody(small_plan: Plan) -> None:
    for cohort in (small_plan.history, small_plan.current):
        mails = [mail for mail in cohort.contacts.email if mail]
        mobiles = [number for number in cohort.contacts.mobile if number]

        assert all(mail.endswith(".example") for mail in mails)
        assert len({mail.partition("@")[2] for mail in mails}) > 5
        assert all(number.startswith("179") and len(number) == 11 for number in mobiles)
        assert len(set(mobiles)) == len(mobiles)


def test_most_of_the_minority_are_she_and_bear_their_names(whole_plan: Plan) -> None:
    cohort = whole_plan.history
    minority = cohort.ethnic != "01"
    she = cohort.ethnic == "22"

    assert she.sum() > 0.5 * minority.sum()
    assert {name[0] for name in cohort.name[she]} == set("蓝雷钟盘")


def test_poor_families_come_from_the_key_counties(whole_plan: Plan) -> None:
    cohort = whole_plan.history
    key = np.isin(cohort.division.astype(str), ["350924", "350923", "350430", "350824"])
    poor = cohort.hardship.has(2)

    assert key[poor].mean() > 2 * key[cohort.registered & ~poor].mean()


def test_caseloads_can_be_borne(whole_plan: Plan) -> None:
    loads = [account.caseload for account in whole_plan.counselors]
    names = Counter(account.username.lower() for account in whole_plan.counselors)

    assert min(loads) >= 20
    assert max(loads) <= 200
    assert max(names.values()) == 1
    assert sum(loads) == len(whole_plan.history) + len(whole_plan.current)


def test_student_numbers_are_unique_at_a_university_over_both_classes(whole_plan: Plan) -> None:
    keys = Counter(
        key
        for cohort in (whole_plan.history, whole_plan.current)
        for key in zip(cohort.university, cohort.student_number, strict=True)
    )

    assert max(keys.values()) == 1


def test_made_up_employers_have_valid_codes_and_their_own_names() -> None:
    employers = make_employers(2016, 1_500)

    assert all(uscc.is_valid(code) for code in employers.code)
    assert len(set(employers.code)) == len(set(employers.name)) == 1_500
    assert all("示例" in name for name in employers.name)


def test_old_forms_of_characters_fold_to_the_new_ones() -> None:
    for row in read_words("variants"):
        assert row["variant"] != row["char"]
        assert fold_name(row["variant"]) == fold_name(row["char"]) == row["char"]


def test_day_with_too_many_births_is_refused() -> None:
    birthdays = np.full(500, "1994-05-01", dtype="datetime64[D]")

    with pytest.raises(ValueError, match="more people than there are numbers"):
        make_id_numbers(birthdays, np.ones(500, dtype=np.int64))


def test_id_number_has_the_check_digit_of_the_standard() -> None:
    # The resident number of the samples: 35000019930101100 with check digit 4.
    birthdays = np.full(50, "1993-01-01", dtype="datetime64[D]")

    numbers = make_id_numbers(birthdays, np.full(50, 2, dtype=np.int64))

    assert numbers[49] == "350000199301011004"


@pytest.mark.parametrize(
    ("total", "weights", "counts"),
    [
        pytest.param(10, [1, 1, 1], [4, 3, 3], id="the-first-of-equals-gets-the-rest"),
        pytest.param(3, [0.0, 5.0, 5.0], [0, 2, 1], id="nothing-for-no-weight"),
        pytest.param(0, [1, 2], [0, 0], id="nobody-to-share"),
        pytest.param(159, [71, 52, 21, 9, 6], [71, 52, 21, 9, 6], id="whole-people"),
    ],
)
def test_people_are_shared_out_to_the_last_one(
    total: int, weights: list[float], counts: list[int]
) -> None:
    assert share_out(total, weights).tolist() == counts


def test_rank_counts_the_equals_before() -> None:
    assert rank_within(np.asarray([3, 1, 3, 3, 1])).tolist() == [0, 0, 1, 2, 1]
