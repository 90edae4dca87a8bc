"""Stands belong to employers with postings, and students see which of them fit, and why."""

import datetime as dt

import pytest

from placement import clock
from placement.accounts.queries import viewer_of
from placement.db import db
from placement.errors import InvalidValueError
from placement.fairs.models import Stand
from placement.fairs.operations import StandPlan, add_stand
from placement.fairs.pasted import MOST_ROWS, read_stands
from placement.jobs import laid_out
from placement.jobs.models import DeclineReason, Employer, PostingResponse, Referral, ResponseKind
from placement.web.pasted import PastedError
from tests.factories import save
from tests.fairs.cast_of_fairs import held
from tests.openings import make_employer, make_posting, make_wish


@pytest.fixture(autouse=True)
def _nothing_laid_out():
    laid_out.forget()
    yield
    laid_out.forget()


@pytest.fixture
def fair(browser, cast):
    browser.sign_in(cast.huang)
    return held()


def numbers_of(fair) -> dict[str, list[int]]:
    stands = db.session.query(Stand).filter_by(fair_id=fair.id, removed_at=None)
    return {s.number: [each.posting_id for each in s.brought] for s in stands}


def test_known_employer_is_found_and_brings_their_postings(browser, fair):
    employer = make_employer(name="Fuzhou Paper Works")
    posting, second = make_posting(employer), make_posting(employer, title="Printer")
    late = make_posting(employer, deadline=clock.today() - dt.timedelta(days=1))
    foreign = make_posting()
    new = f"/fairs/{fair.id}/stands/new"

    found = browser.get(f"{new}?q=paper")
    nobody = browser.get(f"{new}?q=no+such")
    form = browser.get(f"{new}?employer={employer.id}")
    fields = {"number": "A01", "employer_id": employer.id, "employer_name": employer.name}
    refused = browser.submit(new, **fields, postings=[str(foreign.id)])
    browser.submit(new, **fields, postings=[str(posting.id), str(second.id)])
    taken = browser.submit(new, **fields)

    assert ">2</td>" in found.text
    assert "Nobody is known" in nobody.text
    assert "Printer" in form.text
    assert f'value="{late.id}"' not in form.text
    assert (refused.status_code, taken.status_code) == (422, 422)
    assert numbers_of(fair) == {"A01": [posting.id, second.id]}


def test_stand_is_changed_taken_away_and_put_back(browser, fair):
    employer = make_employer()
    posting, second = make_posting(employer), make_posting(employer)
    fields = {"number": "A01", "employer_name": employer.name, "postings": [str(posting.id)]}
    browser.submit(f"/fairs/{fair.id}/stands/new", **fields, employer_id=employer.id)
    stand = db.session.query(Stand).one()
    address = f"/fairs/{fair.id}/stands/{stand.id}"

    form = browser.get(address)
    changed = fields | {"number": "B07", "postings": [str(second.id)]}
    browser.submit(address, **changed, version=stand.version)
    conflict = browser.submit(address, **changed, version=1)
    browser.submit(f"{address}/remove")
    gone = numbers_of(fair)
    browser.submit(f"/fairs/{fair.id}/stands/new", number="B07", employer_name="Another")
    clash = browser.submit(f"{address}/restore")
    browser.submit(f"/fairs/{fair.id}/stands/{stand.id + 1}/remove")
    browser.submit(f"{address}/restore")

    assert f'value="{second.id}"' in form.text
    assert (conflict.status_code, clash.status_code) == (422, 422)
    assert gone == {}
    assert numbers_of(fair) == {"B07": [second.id]}


def test_stand_needs_an_employer_and_brings_only_their_postings(cast, fair):
    posting, employer = make_posting(), make_employer()
    actor, known = viewer_of(cast.huang), {"employer_id": employer.id}
    nobody = StandPlan(number="1", employer_name=" ")
    foreign = StandPlan(number="1", employer_name="x", posting_ids=[posting.id], **known)

    for plan in (nobody, foreign):
        with pytest.raises(InvalidValueError):
            add_stand(fair, plan, actor=actor)

    assert numbers_of(fair) == {}


def test_new_employer_is_made_with_their_code(browser, fair):
    new = f"/fairs/{fair.id}/stands/new"
    fields = {"number": "1", "employer_name": "New Works"}

    asked = browser.get(f"{new}?new=1&q=New+Works")
    wrong = browser.submit(new, **fields, employer_code="913500001")
    browser.submit(new, **fields, employer_code="91350100M000100Y43")
    gone = browser.submit(new, number="2", employer_name="x", employer_id=987654)

    assert "New Works" in asked.text
    assert (wrong.status_code, gone.status_code) == (422, 422)
    employer = db.session.query(Employer).one()
    assert (employer.name, employer.code) == ("New Works", "91350100M000100Y43")
    assert db.session.query(Stand).one().employer_id == employer.id


def test_table_is_pasted_as_a_whole_and_given_back_as_a_file(browser, fair):
    employer = make_employer(name="Fuzhou Paper Works")
    posting = make_posting(employer)
    many = f"/fairs/{fair.id}/stands/many"
    rows = f"展位号\t单位\nA01\t{employer.name}\t\tclerks\t3\n\nA02\tNew Works\n"

    wrong = browser.submit(many, rows="A01\tWorks\nA01\tWorks")
    browser.submit(many, rows=rows)
    again = browser.submit(many, rows=rows)
    file = browser.get(f"/fairs/{fair.id}/stands.csv")
    page = browser.get(f"/fairs/{fair.id}/stands")

    assert "Line 2" in wrong.text
    assert (wrong.status_code, again.status_code) == (422, 422)
    assert numbers_of(fair) == {"A01": [posting.id], "A02": []}
    assert f"A01,{employer.name},,clerks,3,{posting.title}" in file.text
    assert posting.title in page.text
    pasted_back = read_stands(file.text.removeprefix("\ufeff"))[0]
    assert (pasted_back.number, pasted_back.openings) == ("A01", 3)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        pytest.param("A01", 1, id="no-employer"),
        pytest.param("\nA01,Works,,,many", 2, id="no-number"),
        pytest.param("A01,Works,123", 1, id="wrong-code"),
        pytest.param(f"{'A' * 21},Works", 1, id="too-long"),
        pytest.param("stand,employer", 0, id="headings-only"),
        pytest.param("\n".join(f"{n},Works" for n in range(MOST_ROWS + 1)), 0, id="too-many"),
    ],
)
def test_table_that_cannot_be_read_names_its_line(rows, line):
    with pytest.raises(PastedError) as refused:
        read_stands(rows)

    assert refused.value.line == line


def test_student_sees_which_stands_fit_and_why(browser, cast, fair):
    make_wish(cast.lin_mei)
    good, referred, declined, far = (make_posting(title=f"Job {n}") for n in range(4))
    low = make_posting(level="01", title="For doctors")
    answer = {"student_id": cast.lin_mei.id, "posting_id": declined.id}
    save(
        Referral(student_id=cast.lin_mei.id, posting_id=referred.id, counselor_id=cast.chen.id),
        PostingResponse(**answer, kind=ResponseKind.DECLINED, reason=DeclineReason.TOO_FAR),
    )
    for number, posting in enumerate((good, referred, declined, low), start=1):
        fields = {"number": number, "employer_name": posting.employer.name}
        browser.submit(
            f"/fairs/{fair.id}/stands/new",
            **fields,
            employer_id=posting.employer_id,
            postings=[str(posting.id)],
        )

    page = browser.sign_in(cast.lin_mei_user).get(f"/fairs/{fair.id}").text
    stands = browser.get(f"/fairs/{fair.id}/stands").text

    assert "Stands with jobs that fit you" in page
    assert "Fits your major (汉语言文学)" in page
    assert all(posting.title in page for posting in (good, referred))
    assert all(posting.title not in page for posting in (declined, low, far))
    assert stands.count("fits you") == 2
    assert browser.sign_in(cast.stranger_user).get(f"/fairs/{fair.id}").status_code == 200
