"""The province keeps the words that counselors choose from; what was noted keeps its word."""

import datetime as dt

import pytest

from placement import clock
from placement.cases.models import Action, Barrier, BarrierKind
from placement.db import db
from placement.desk.service import service_marks
from placement.reference import kinds
from placement.rulebook.queries import standard_on
from placement.vocabulary.models import Term, WordList
from placement.vocabulary.queries import FIRST, words_on
from tests.factories import save


def day(number: int) -> str:
    return (clock.today() + dt.timedelta(days=number)).isoformat()


def offered(page) -> list[str]:
    """The words of the field in which the kind is chosen."""
    field = page.text.split('name="kind"')[1].split("</select>")[0]
    return [part.split("</option")[0].split(">")[1] for part in field.split("<option")[1:]]


@pytest.fixture
def case(cast):
    cast.case.next_step = "Call on Friday."
    save(cast.case)
    return cast.case


def test_renamed_kind_keeps_its_old_word_where_it_was_noted(browser, cast, case):
    url = f"/cases/{case.id}"
    browser.sign_in(cast.chen).submit(f"{url}/barriers/new", kind="skills", note="")
    browser.sign_in(cast.huang).submit(
        "/vocabulary/barriers/skills/rename", zh="能力待提升", en="Needs skills", valid_from=day(0)
    )
    browser.submit(
        "/vocabulary/barriers/skills/rename", zh="能力薄弱", en="Weak skills", valid_from=day(1)
    )

    browser.sign_in(cast.chen).submit(f"{url}/barriers/new", kind="skills", note="")
    choices = offered(browser.get(f"{url}/barriers/new"))
    page = browser.get(url)

    assert "Needs skills" in choices
    assert not {"Weak skills", "Lacks skills"} & set(choices)
    assert "Lacks skills" in page.text
    assert "Needs skills" in page.text
    rows = db.session.query(Barrier).order_by(Barrier.id).all()
    assert [row.kind for row in rows] == [BarrierKind.SKILLS] * 2
    assert [row.term and row.term.zh for row in rows] == [None, "能力待提升"]


def test_own_kind_of_help_is_offered_and_counts_for_the_standard(browser, cast, case):
    browser.sign_in(cast.huang).submit(
        "/vocabulary/actions/new",
        zh="校园宣讲",
        en="Campus talk",
        base="training",
        valid_from=day(0),
    )
    code = db.session.query(Term).one().code

    browser.sign_in(cast.chen).submit(
        f"/cases/{case.id}/actions/new", kind=code, title="Talk", goal_id=0, done_on=day(0)
    )

    assert "Campus talk" in browser.get(f"/cases/{case.id}").text
    assert db.session.query(Action).one().kind == "training"
    marks = service_marks([case], standard=standard_on(clock.today()), today=clock.today())[
        case.student_id
    ]
    assert {mark.code: mark.done for mark in marks}["training"] == 1


def test_ended_kind_is_offered_until_its_last_day_and_the_end_is_taken_back(browser, cast, case):
    url = f"/cases/{case.id}/barriers/new"
    browser.sign_in(cast.huang).submit("/vocabulary/barriers/health/end", last_on=day(-1))
    gone = offered(browser.sign_in(cast.chen).get(url))
    refused = browser.submit(url, kind="health", note="")
    term_id = db.session.query(Term).one().id

    shown = browser.sign_in(cast.huang).get("/vocabulary?list=barriers")
    browser.submit(f"/vocabulary/terms/{term_id}/undo")

    assert "Health" not in gone
    assert refused.status_code == 422
    assert "no longer offered" in shown.text
    assert "Health" in offered(browser.sign_in(cast.chen).get(url))
    assert db.session.query(Term).count() == 0


def test_new_word_is_taken_back_while_nothing_was_noted_with_it(browser, cast, case):
    browser.sign_in(cast.huang)
    for zh, on in (("甲", 0), ("乙", 3)):
        browser.submit("/vocabulary/barriers/place/rename", zh=zh, en="", valid_from=day(on))
    first, second = db.session.query(Term).order_by(Term.valid_from).all()

    early = browser.submit(f"/vocabulary/terms/{first.id}/undo")
    browser.submit(f"/vocabulary/terms/{second.id}/undo")
    browser.sign_in(cast.chen).submit(f"/cases/{case.id}/barriers/new", kind="place", note="")
    used = browser.sign_in(cast.huang).submit(f"/vocabulary/terms/{first.id}/undo")

    assert (early.status_code, used.status_code) == (422, 422)
    (left,) = db.session.query(Term).all()
    assert (left.zh, left.valid_to) == ("甲", None)


@pytest.mark.parametrize(
    ("path", "entry", "said"),
    [
        pytest.param(
            "barriers/new", {"zh": "健康原因", "base": "other"}, "has this word already", id="twice"
        ),
        pytest.param("barriers/new", {"zh": " ", "base": "other"}, "", id="no-word"),
        pytest.param("barriers/new", {"zh": "新", "base": "nothing"}, "", id="no-such-kind"),
    ],
)
def test_wrong_word_is_refused_beside_the_field(browser, cast, path, entry, said):
    page = browser.sign_in(cast.huang).submit(
        f"/vocabulary/{path}", en="", valid_from=day(0), **entry
    )

    assert page.status_code == 422
    assert said in page.text
    assert db.session.query(Term).count() == 0


def test_ended_word_is_neither_renamed_nor_ended_again_and_the_last_one_stays(browser, cast):
    browser.sign_in(cast.huang)
    codes = list(FIRST[WordList.ACTIONS].entries)
    for code in codes[:-1]:
        browser.submit(f"/vocabulary/actions/{code}/end", last_on=day(0))

    last = browser.submit(f"/vocabulary/actions/{codes[-1]}/end", last_on=day(0))
    again = browser.submit(f"/vocabulary/actions/{codes[0]}/end", last_on=day(0))
    renamed = browser.submit(
        f"/vocabulary/actions/{codes[0]}/rename", zh="新", en="", valid_from=day(5)
    )

    assert [page.status_code for page in (last, again, renamed)] == [422] * 3
    tomorrow = clock.today() + dt.timedelta(days=1)
    assert [word.code for word in words_on(WordList.ACTIONS, tomorrow)] == codes[-1:]
    for path in ("/vocabulary?list=none", "/vocabulary/barriers/none/rename"):
        assert browser.get(path).status_code == 404


def test_first_lists_name_every_kind():
    assert set(kinds.barriers.codes) == set(BarrierKind)
