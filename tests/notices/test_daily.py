"""What students are told by the program: once each, whoever runs it, and nothing that reveals."""

import datetime as dt

import pytest
from sqlalchemy import select

from placement import clock
from placement.accounts.models import Role
from placement.cases.models import Case
from placement.db import db
from placement.jobs.models import Posting, Recommendation, RecommendationRun, RunState
from placement.notices.models import Channel, Delivery, Notice, NoticeKind
from placement.notices.neutral import is_neutral
from placement.notices.rendering import render
from placement.outcomes.models import Reporter
from placement.students.models import Category, Membership
from tasks.students import tell_and_remind
from tests.factories import make_case, make_member, make_outcome, make_student, make_user, save
from tests.openings import make_posting

TOLD = (NoticeKind.FOLLOW_UP, NoticeKind.JOBS, NoticeKind.OUTCOME, NoticeKind.PAPERS)


@pytest.fixture
def student(cast, outlet):
    """Somebody of whom there is everything to tell, and who has an account."""
    today = clock.today()
    student = make_student(cast.university, email="lin@domain.example")
    make_user(Role.STUDENT, cast.university, student_id=student.id)
    make_case(student, last_contact_on=today, next_contact_on=today + dt.timedelta(days=1))
    make_outcome(student, verified=False, reported_by=Reporter.COUNSELOR)
    member: Membership = make_member(student, Category.FAMILY_HARDSHIP)
    member.valid_to = today + dt.timedelta(days=20)
    db.session.commit()
    recommend(student, make_posting(title="电气工程师"))
    return student


def recommend(student, posting: Posting) -> None:
    run = db.session.query(RecommendationRun).one_or_none()
    if run is None:
        run = RecommendationRun(
            class_year=2016,
            as_of=clock.today(),
            state=RunState.DONE,
            is_current=True,
            weights_version="1",
        )
        save(run)
    rank = db.session.query(Recommendation).count() + 1
    save(
        Recommendation(
            run_id=run.id,
            student_id=student.id,
            posting_id=posting.id,
            rank=rank,
            score=1,
            reasons=[],
            parts={},
        )
    )


def told(student, channel: Channel = Channel.MAIL) -> list[NoticeKind]:
    db.session.rollback()
    kinds = (
        select(Notice.kind)
        .join(Delivery, Delivery.notice_id == Notice.id)
        .where(Delivery.student_id == student.id, Delivery.channel == channel)
        .order_by(Notice.kind)
    )
    return list(db.session.execute(kinds).scalars())


def test_each_is_told_once_and_what_is_new_again(student, outlet, send, sink, cast):
    tell_and_remind()
    tell_and_remind()

    assert told(student) == sorted(TOLD)
    assert told(student, Channel.INBOX) == sorted(TOLD)
    send()
    assert len(sink.mails) == len(TOLD)
    for mail in sink.mails:
        written = mail.get_body(("plain",)).get_content()
        assert "https://placement.example/my" in written
        assert is_neutral(mail["Subject"])
        assert is_neutral(written)
    assert any("电气工程师" in m.get_body(("html",)).get_content() for m in sink.mails)

    recommend(student, make_posting(title="软件工程师"))
    tell_and_remind()
    assert told(student) == sorted(TOLD)  # one mail about jobs a day is enough
    for case in db.session.query(Case).filter_by(student_id=student.id):
        case.next_contact_on = clock.today() + dt.timedelta(days=2)
    db.session.commit()
    clock.set_offset(dt.timedelta(days=1))
    try:
        tell_and_remind()
    finally:
        clock.set_offset(dt.timedelta(0))

    again = [NoticeKind.FOLLOW_UP, NoticeKind.JOBS]
    assert told(student) == sorted([*TOLD, *again])


def test_nobody_is_told_who_cannot_sign_in(student, outlet, cast):
    stranger = make_student(cast.university, email="wu@domain.example")
    make_case(
        stranger,
        last_contact_on=clock.today(),
        next_contact_on=clock.today() + dt.timedelta(days=1),
    )

    tell_and_remind()

    assert told(stranger) == []
    assert told(student) == sorted(TOLD)


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("kind", [*TOLD, NoticeKind.REMINDER, NoticeKind.DIGEST])
def test_the_texts_are_whole_and_tell_nothing_of_a_category(kind, locale):
    values = {"on": "2016-11-26", "title": "困难毕业生招聘会", "time": "", "place": "福州"}
    personal = {"name": "Lin", "url": "https://x.example", "items": "", "items_html": ""}

    text = render(kind, locale, {**values, **personal, "unsubscribe_url": "https://u.example"})

    for written in (text.subject, text.text, text.html, text.sms):
        assert is_neutral(written)
        assert "%(" not in written
    assert ("亲爱的" in text.text or "您好" in text.text) or locale == "en"
    assert "https://u.example" in text.text
