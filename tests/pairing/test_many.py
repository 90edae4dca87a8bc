"""Many are paired in one act: a look first, all or none, taken back together."""

import datetime as dt

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.audit.models import AuditEvent
from placement.db import db, transaction
from placement.notices.models import Delivery
from placement.pairing import operations
from placement.pairing.models import HelperKind, Pairing
from placement.students.models import Category
from tests.factories import assign, make_member, make_student

PATH = "/helpers/many"


def entry(rows: str, **changes: str) -> dict[str, str]:
    today = clock.today()
    return {
        "rows": rows,
        "name": "郭老师",
        "kind": "teacher",
        "organisation": "文学院",
        "plan": "Practise interviews",
        "starts_on": str(today),
        "ends_on": str(today + dt.timedelta(days=90)),
    } | changes


def hidden(page, name: str) -> str:
    field = next(part for part in page.text.split("<input") if f'name="{name}"' in part)
    return field.split('value="')[1].split('"')[0]


def look_and_do(browser, **entered):
    seen = browser.submit(PATH, act="look", **entered)
    kept = {name: hidden(seen, name) for name in ("digest", "submission_id")}
    return seen, browser.submit(PATH, act="do", **entered, **kept)


@pytest.fixture
def three(cast) -> list[str]:
    """The student numbers of three whom Ms Chen looks after."""
    others = [make_student(cast.university) for _ in range(2)]
    for student in others:
        make_member(student, Category.RURAL_ORIGIN)
        assign(student, cast.chen)
    return [cast.lin_mei.student_number, *(student.student_number for student in others)]


def test_one_helper_for_many_and_taken_back_as_one(browser, cast, three):
    browser.sign_in(cast.chen)

    seen, done = look_and_do(browser, **entry("\n".join(three)))
    made = db.session.query(Pairing).all()
    told = {(row.helper, row.organisation, row.plan) for row in made}
    listed = browser.get("/helpers").text
    browser.submit(f"{PATH}/{made[0].batch_id}/undo")

    assert "3 pairs" in seen.text
    assert done.status_code == 302
    assert told == {("郭老师", "文学院", "Practise interviews")}
    assert "郭老师" in listed
    assert db.session.query(Pairing).count() == 0
    acts = [event.action for event in db.session.query(AuditEvent)]
    assert acts.count("helper.paired") == acts.count("helper.pairing_taken_back") == 3


def test_table_names_a_helper_for_each_and_the_form_fills_what_is_left_out(browser, cast, three):
    lines = [
        "学号\t帮扶人\t单位\t类型\t邮箱\t电话\t帮扶内容",
        f"{three[0]}\t苏学长\t海峡公司\t校友\tsu@mail.example\t\t每月一次模拟面试",
        f"{three[1]},黄书记,,领导",
        three[2],
    ]

    _seen, done = look_and_do(browser.sign_in(cast.chen), **entry("\n".join(lines), mail="y"))

    assert done.status_code == 302
    rows = db.session.query(Pairing).order_by(Pairing.id).all()
    assert [(row.helper, row.kind, row.organisation) for row in rows] == [
        ("苏学长", HelperKind.ALUMNUS, "海峡公司"),
        ("黄书记", HelperKind.LEADER, ""),
        ("郭老师", HelperKind.TEACHER, "文学院"),
    ]
    assert rows[0].plan == "每月一次模拟面试"
    assert db.session.query(Delivery).count() == 1
    browser.submit(f"{PATH}/{rows[0].batch_id}/undo")
    (left,) = db.session.query(Pairing).all()
    assert (left.helper, left.end_reason) == ("苏学长", "Paired by mistake.")


def test_lines_that_lead_to_nobody_are_told_and_nobody_is_paired(browser, cast, three):
    rows = "\n".join(
        [three[0], cast.stranger.student_number, "999", f"{three[1]},,,,,,帮助低保家庭"]
    )

    seen, done = look_and_do(browser.sign_in(cast.chen), **entry(rows))

    assert seen.text.count("nobody of yours has this number") == 2
    assert "says why the student is helped" in seen.text
    assert done.status_code == 422
    assert db.session.query(Pairing).count() == 0


def test_nobody_is_paired_twice_by_a_form_sent_twice_or_a_second_table(browser, cast, three):
    browser.sign_in(cast.chen)
    seen = browser.submit(PATH, act="look", **entry(three[1]))
    kept = {name: hidden(seen, name) for name in ("digest", "submission_id")}
    browser.submit(PATH, act="do", **entry(three[1]), **kept)
    again = browser.submit(PATH, act="do", **entry(three[1]), **kept)
    looked = browser.submit(PATH, act="look", **entry(three[1]))

    assert again.status_code == 302
    assert "is paired with this helper already" in looked.text
    assert db.session.query(Pairing).count() == 1


def test_pairs_are_taken_back_by_who_made_them_while_nobody_has_written(browser, cast, three):
    look_and_do(browser.sign_in(cast.chen), **entry(three[0]))
    row = db.session.query(Pairing).one()
    path = f"{PATH}/{row.batch_id}/undo"
    by_another = browser.sign_in(cast.zheng).submit(path)
    with transaction():
        operations.note_word(
            row, actor=viewer_of(cast.chen), text="Met once", helped_on=clock.today()
        )

    after_a_word = browser.sign_in(cast.chen).submit(path)

    assert (by_another.status_code, after_a_word.status_code) == (422, 422)
    assert db.session.query(Pairing).count() == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param("学号", "There is no student number", id="nothing"),
        pytest.param("1,甲甲\n1,甲甲", "Line 2: This pair is in the table twice", id="twice"),
        pytest.param(",甲甲", "Line 1: A pair needs", id="no-number"),
        pytest.param("1,甲甲,,朋友", "Line 1: Its kind", id="no-such-kind"),
        pytest.param("1,甲甲,,,at", "Line 1: Its e-mail", id="no-address"),
        pytest.param("1," + "甲" * 101, "Line 1: A cell", id="too-long"),
        pytest.param("\n".join(map(str, range(501))), "too many", id="too-many"),
    ],
)
def test_table_that_cannot_be_read_says_which_line(browser, cast, rows, said):
    page = browser.sign_in(cast.chen).submit(PATH, act="look", **entry(rows))

    assert page.status_code == 422
    assert said in page.text
    assert db.session.query(Pairing).count() == 0
