"""One student or one posting changes: only the lists that it concerns are computed anew."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from placement import clock
from placement.db import db
from placement.jobs import laid_out
from placement.jobs.models import PostingState, Recommendation, Referral
from placement.jobs.operations import (
    arriving,
    recommend_posting,
    refresh_lists,
    run_recommendations,
)
from placement.jobs.queries import current_run, recommended_to
from placement.queue import RUN_WORK
from placement.students.models import Category, StandingKind
from placement.work.models import Work, WorkKind
from tests.factories import CLASS_YEAR, make_member, make_standing, make_student, save
from tests.openings import make_employer, make_posting, make_wish


def compute():
    run_recommendations(CLASS_YEAR, as_of=clock.today())


def refresh(student):
    today = clock.today()
    looking = refresh_lists([student.id], offers=laid_out.live_offers(today), day=today)
    db.session.commit()
    return looking


def arrive(posting):
    entered = recommend_posting(posting.id, day=clock.today())
    db.session.commit()
    return entered


def listed(student):
    db.session.expire_all()
    return [found.posting_id for found in recommended_to(student.id)]


def test_changed_wish_changes_the_list_at_once(cast):
    wish = make_wish(cast.lin_mei)
    fuzhou, xiamen = make_posting(), make_posting(city="350200")
    compute()
    assert listed(cast.lin_mei) == [fuzhou.id]

    wish.places = ["350200"]
    save(wish)
    refresh(cast.lin_mei)

    assert listed(cast.lin_mei) == [xiamen.id, fuzhou.id]


def test_first_list_before_any_run(cast):
    posting = make_posting()

    refresh(cast.lin_mei)

    assert listed(cast.lin_mei) == [posting.id]
    assert current_run(CLASS_YEAR) is not None


def test_one_list_is_the_same_as_in_the_run_of_everybody(cast):
    make_wish(cast.lin_mei)
    for number in range(14):
        make_posting(salary_max=4000 + 100 * number, level=("41", "31")[number % 2])
    compute()
    columns = (Recommendation.posting_id, Recommendation.rank, Recommendation.score)
    whole = db.session.execute(select(*columns).order_by(Recommendation.rank)).all()

    refresh(cast.lin_mei)

    assert db.session.execute(select(*columns).order_by(Recommendation.rank)).all() == whole
    assert len(whole) == 10


def test_who_does_not_look_any_more_loses_the_list(cast):
    make_wish(cast.lin_mei)
    make_posting()
    compute()
    make_standing(cast.lin_mei, StandingKind.WITHDRAWN)

    looking = refresh(cast.lin_mei)

    assert looking == 0
    assert listed(cast.lin_mei) == []


def test_new_posting_enters_the_lists_that_it_fits(cast):
    make_wish(cast.lin_mei)
    other = make_student(cast.university, origin_division="350203")
    make_member(other, Category.RURAL_ORIGIN)
    make_wish(other, places=["350200"])
    old = make_posting(title="销售", occupation_code="4-01-02-01", majors=[], description="")
    compute()

    new = make_posting()
    entered = arrive(new)

    assert entered == 1
    assert listed(cast.lin_mei) == [new.id, old.id]
    assert listed(other) == []
    stored = db.session.query(Recommendation).filter_by(posting_id=new.id).one()
    assert [reason["code"] for reason in stored.reasons] == ["skills", "major", "occupation"]


def test_new_posting_pushes_the_last_one_out_of_a_full_list(cast):
    make_wish(cast.lin_mei)
    for number in range(10):
        make_posting(occupation_code=f"2-02-10-{number:02d}", majors=[], description="")
    compute()
    before = listed(cast.lin_mei)
    assert len(before) == 10

    new = make_posting()
    entered = arrive(new)

    assert entered == 1
    assert listed(cast.lin_mei) == [new.id, *before[:-1]]
    ranks = db.session.execute(select(Recommendation.rank).order_by(Recommendation.rank)).scalars()
    assert list(ranks) == list(range(1, 11))


def test_worse_posting_stays_outside_a_full_list(cast):
    make_wish(cast.lin_mei)
    for _ in range(10):
        make_posting()
    compute()
    before = listed(cast.lin_mei)

    new = make_posting(
        occupation_code="4-01-02-01", majors=["0809"], description="", salary_max=4000
    )

    assert arrive(new) == 0
    assert listed(cast.lin_mei) == before


def test_third_posting_of_an_employer_gives_way_to_others(cast):
    make_wish(cast.lin_mei)
    for number in range(8):
        make_posting(occupation_code=f"2-02-10-{number:02d}", majors=[], description="")
    employer = make_employer()
    best = [make_posting(employer, number=f"B{n}", occupation_code=f"3-01-02-0{n}") for n in (1, 2)]
    compute()
    assert set(listed(cast.lin_mei)[:2]) == {posting.id for posting in best}

    third = make_posting(employer, number="B3", occupation_code="3-01-02-03", salary_max=9000)

    assert arrive(third) == 0


def test_wish_written_since_the_students_were_read_counts(cast):
    wish = make_wish(cast.lin_mei, places=["350200"])
    make_posting(city="350200")
    compute()
    laid_out.kept_seekers(CLASS_YEAR, clock.today())
    db.session.commit()
    wish.places, wish.updated_at = ["350100"], clock.now() + dt.timedelta(seconds=1)
    save(wish)

    assert arrive(make_posting()) == 1


def test_closed_posting_leaves_the_lists_and_the_next_one_takes_its_place(cast):
    make_wish(cast.lin_mei)
    employer = make_employer()
    postings = [make_posting(employer, number=f"E{n}") for n in range(11)]
    compute()
    first = listed(cast.lin_mei)
    closing = next(posting for posting in postings if posting.id == first[0])

    closing.state = PostingState.CLOSED
    save(closing)
    hidden = listed(cast.lin_mei)
    arrive(closing)

    assert hidden == first[1:]
    after = listed(cast.lin_mei)
    assert len(after) == 10
    assert closing.id not in after


def test_changed_posting_leaves_lists_that_it_no_longer_fits(cast):
    make_wish(cast.lin_mei)
    posting = make_posting()
    compute()

    posting.level = "01"
    save(posting)
    entered = arrive(posting)

    assert entered == 0
    assert listed(cast.lin_mei) == []


def test_posting_that_concerns_very_many_is_left_to_a_run(cast, monkeypatch, sent_jobs):
    make_wish(cast.lin_mei)
    posting = make_posting()
    compute()
    monkeypatch.setattr(arriving, "MOST_AT_ONCE", 0)

    arrive(make_posting())
    posting.state = PostingState.CLOSED
    save(posting)
    arrive(posting)

    works = db.session.query(Work).all()
    assert {work.kind for work in works} == {WorkKind.RECOMMEND}
    assert {job for job, _ in sent_jobs} <= {RUN_WORK}


def test_unknown_posting_changes_nothing(app):
    assert recommend_posting(1, day=clock.today()) == 0


def test_referred_posting_is_not_proposed(cast):
    posting = make_posting()
    save(Referral(student_id=cast.lin_mei.id, posting_id=posting.id, counselor_id=cast.chen.id))

    refresh(cast.lin_mei)

    assert listed(cast.lin_mei) == []


@pytest.mark.parametrize("few", [True, False], ids=["few", "many"])
def test_page_waits_only_for_few_postings(cast, monkeypatch, few):
    make_posting()
    monkeypatch.setattr(laid_out, "FEW_POSTINGS", 1 if few else 0)

    assert (laid_out.ready_offers(clock.today()) is not None) is few


def test_postings_are_laid_out_once_until_one_changes(cast):
    posting = make_posting()
    first = laid_out.live_offers(clock.today())

    same = laid_out.live_offers(clock.today())
    posting.openings = 9
    save(posting)
    other = laid_out.live_offers(clock.today())

    assert same is first
    assert other is not first
    assert db.session.execute(select(func.count()).select_from(Recommendation)).scalar_one() == 0
