"""One box finds a person by whatever is at hand, within the scope, and proposes while one types."""

import pytest

from placement.audit.models import AuditEvent
from placement.db import db
from tests.factories import make_student


@pytest.fixture
def shan(cast):
    """A student of Ms Chen's."""
    return make_student(
        cast.university,
        counselor=cast.chen,
        name="单晓梅",
        student_number="20129876",
        mobile="19912345678",
        id_number="350000199301011221",
    )


def test_box_proposes_by_whatever_is_at_hand_within_the_scope(browser, cast, shan):
    assert cast.stranger
    browser.sign_in(cast.chen)

    for text in ("单", "单晓", "dan xi", "danxiao", "dxm", "20129876", "2012987", "1221"):
        page = browser.get("/search/suggestions", query_string={"q": text})
        assert f'href="/students/{shan.id}"' in page.text, text
        assert page.text.count('role="option"') == 1, text
    page = browser.get("/search/suggestions", query_string={"q": "199 1234 5678"})
    assert f"/students/{shan.id}" in page.text
    for text in ("高飞", "s", "122", "", "%", "___"):
        page = browser.get("/search/suggestions", query_string={"q": text})
        assert 'role="option"' not in page.text, text
    browser.sign_in(cast.wu)
    assert "Nobody found" in browser.get("/search/suggestions?q=单").text


def test_who_was_proposed_stands_in_the_trail_and_the_province_sees_no_name(browser, cast, shan):
    page = browser.sign_in(cast.huang).get("/search/suggestions?q=单")

    assert "单晓梅" not in page.text
    assert cast.university.name in page.text
    (event,) = db.session.query(AuditEvent).filter_by(action="students.listed").all()
    assert event.student_ids == [shan.id]
    assert event.details == {"page": "search"}
