"""Two of everything that belongs to somebody: one of the cast's, one of another university's."""

import datetime as dt
import io
import uuid
from dataclasses import dataclass
from typing import Any

from PIL import Image

from placement import clock
from placement.accounts.models import Role, User
from placement.accounts.queries import viewer_of
from placement.accounts.viewer import Viewer
from placement.cases.models import (
    Action,
    ActionKind,
    Barrier,
    BarrierKind,
    Case,
    FollowUp,
    FollowUpMethod,
    FollowUpResult,
    Goal,
)
from placement.composing.operations import DraftPlan, create_draft
from placement.config import Settings
from placement.db import db, system_scope, transaction, use_scope
from placement.fairs.audience import Audience
from placement.fairs.models import Fair, FairItem, FairResult, ItemKind, ResultKind, SignUp, Stand
from placement.fairs.operations import announce_fair
from placement.intake.models import (
    Import,
    ImportKind,
    ImportState,
    ListKind,
    ListMatch,
    MatchState,
)
from placement.jobs.models import DeclineReason, PostingResponse, Referral, ResponseKind
from placement.notices.models import Channel, Delivery
from placement.outcomes.operations import add_evidence, open_dispute
from placement.reports.api.operations import make_token
from placement.reports.disclosure.releases import Release
from placement.reports.disclosure.suppression import Protected
from placement.reports.models import ApiToken, ReportPage, Rhythm, TokenScope
from placement.reports.schedules.due import Timing
from placement.reports.schedules.operations import add_schedule
from placement.reports.snapshots.operations import (
    sign_snapshot,
    take_snapshot,
    verify_snapshot,
)
from placement.reports.snapshots.publishing import publish
from placement.reports.snapshots.queries import snapshot_by_id
from placement.students.models import DefaultCounselor, HandOver, LeaveCover, Reassignment, Student
from tests.access.lists import kept_lists
from tests.access.pairs import paired_help, say_own_word
from tests.cast import Cast
from tests.factories import make_outcome, make_student, make_user, save
from tests.openings import make_posting


@dataclass(frozen=True)
class Belongings:
    """The numbers of what belongs to one student, by the name that a route gives them."""

    numbers: dict[str, Any]

    def fill(self, names: set[str]) -> dict[str, Any]:
        """The values of a route's variables."""
        return {name: self.numbers[name] for name in names}


def belongings_of(
    student: Student, user: User, counselor: User, staff: User, settings: Settings
) -> Belongings:
    """Make one of everything for a student."""
    case = db.session.query(Case).filter_by(student_id=student.id).one()
    of_case = {"case_id": case.id, "student_id": student.id}
    barrier = Barrier(**of_case, kind=BarrierKind.MONEY, noted_on=clock.today())
    goal = Goal(**of_case, title="CANARY goal", set_on=clock.today())
    action = Action(**of_case, kind=ActionKind.GUIDANCE, title="CANARY action")
    follow_up = FollowUp(
        **of_case,
        counselor_id=counselor.id,
        contacted_on=clock.today(),
        method=FollowUpMethod.CALL,
        result=FollowUpResult.REACHED,
        group_id=uuid.uuid4(),
    )
    save(barrier, goal, action, follow_up)
    say_own_word(case, action, user)
    outcome = make_outcome(student, verified=False)
    evidence = add_evidence(outcome, actor=viewer_of(user), data=_picture(), kind="paper")
    dispute = open_dispute(outcome, actor_id=user.id, reason="CANARY reason")
    db.session.commit()
    fair, gathered = _held_fair(student, user)
    host = viewer_of(make_user(Role.UNIVERSITY, student.university))
    with use_scope(host.scope), transaction():
        told = announce_fair(
            fair, Audience(), channels=[Channel.INBOX], actor=host, settings=settings
        )
    posting = make_posting(university_id=student.university_id, title="CANARY posting")
    referral = Referral(
        student_id=student.id, posting_id=posting.id, counselor_id=counselor.id, note="CANARY"
    )
    answer = PostingResponse(
        student_id=student.id,
        posting_id=posting.id,
        kind=ResponseKind.DECLINED,
        reason=DeclineReason.TOO_FAR,
    )
    save(referral, answer)
    list_, match = _found_on_list(student)
    message = db.session.query(Delivery).filter_by(notice_id=told.notice_id).first()
    return Belongings(
        {
            "student_id": student.id,
            "case_id": case.id,
            "barrier_id": barrier.id,
            "goal_id": goal.id,
            "action_id": action.id,
            "follow_up_id": follow_up.id,
            "group_id": follow_up.group_id,
            "outcome_id": outcome.id,
            "evidence_id": evidence.id,
            "dispute_id": dispute.id,
            "user_id": staff.id,
            "fair_id": fair.id,
            "notice_id": told.notice_id,
            "draft_id": _draft(fair, host),
            "delivery_id": message.id,
            "posting_id": posting.id,
            "referral_id": referral.id,
            "import_id": list_.id,
            "match_id": match.id,
            "token_id": _token(host),
            **gathered,
            **kept_lists(counselor),
            "schedule_id": _schedule(viewer_of(counselor)),
            **paired_help(case, counselor),
            **_frozen_figures(student),
            **_responsibility(student, counselor),
        }
    )


def _responsibility(student: Student, counselor: User) -> dict[str, int]:
    """A student offered to the counselor by a colleague who is away, and an act on many."""
    colleague = make_user(Role.COUNSELOR, student.university)
    offered = make_student(student.university, counselor=colleague)
    hand_over = HandOver(
        student_id=offered.id, from_id=colleague.id, to_id=counselor.id, reason="CANARY"
    )
    cover = LeaveCover(
        absent_id=counselor.id,
        cover_id=colleague.id,
        first_on=clock.today(),
        last_on=clock.today(),
    )
    many = Reassignment(
        university_id=student.university_id,
        from_id=colleague.id,
        made_by=colleague.id,
        reason="CANARY",
        people=0,
    )
    default = DefaultCounselor(university_id=student.university_id, set_by=colleague.id)
    save(hand_over, cover, many, default)
    return {
        "hand_over_id": hand_over.id,
        "cover_id": cover.id,
        "reassignment_id": many.id,
        "default_id": default.id,
    }


def _found_on_list(student: Student) -> tuple[Import, ListMatch]:
    list_ = Import(
        kind=ImportKind.LIST,
        list_kind=ListKind.LOW_INCOME,
        class_year=student.class_year,
        university_id=student.university_id,
        state=ImportState.APPLIED,
        sha256=b"CANARY",
        applied_at=clock.now(),
    )
    save(list_)
    match = ListMatch(
        import_id=list_.id,
        row=2,
        state=MatchState.POSSIBLE,
        student_id=student.id,
        score=0.5,
        reason="same_name_only",
    )
    save(match)
    return list_, match


def _token(maker: Viewer) -> int:
    with use_scope(system_scope("make a token")), transaction():
        make_token(maker, name="CANARY token", scope=TokenScope.PUBLISHED, days=1)
        return db.session.query(ApiToken).filter_by(user_id=maker.user_id).one().id


def _schedule(asker: Viewer) -> int:
    timing = Timing(rhythm=Rhythm.WEEKLY, weekday=1, hour=8)
    with use_scope(asker.scope), transaction():
        schedule = add_schedule(ReportPage.RATES, {"where": ["CANARY"]}, timing, actor=asker)
        db.session.flush()
        return schedule.id


def _frozen_figures(student: Student) -> dict[str, int]:
    """A draft of the university, and what of an older snapshot everybody may read."""
    with transaction():
        draft = take_snapshot(
            student.class_year, dt.date(2016, 12, 31), university=student.university
        )
    with transaction():
        older = take_snapshot(
            student.class_year, dt.date(2016, 8, 31), university=student.university
        )
        signer = viewer_of(make_user(Role.UNIVERSITY, student.university))
        verifier = viewer_of(make_user(Role.PROVINCE))
    with transaction():
        older = snapshot_by_id(older.id)
        sign_snapshot(older, signer=signer, confirmed_at=clock.now())
        db.session.flush()
        verify_snapshot(older, verifier=verifier, confirmed_at=clock.now())
        db.session.flush()
        nothing = Protected(Release(frozenset(), {}, {}), 0, 0, None, ())
        publication = publish(older, nothing, publisher_id=verifier.user_id)
    return {"snapshot_id": draft.id, "publication_id": publication.id}


def _held_fair(student: Student, user: User) -> tuple[Fair, dict[str, int]]:
    """A fair with everything that hangs on it, and the numbers of all that."""
    fair = Fair(
        title="CANARY fair",
        on=clock.today() + dt.timedelta(days=2),
        place="Fuzhou",
        class_year=student.class_year,
        university_id=student.university_id,
    )
    save(fair)
    of_fair = {"fair_id": fair.id}
    stand = Stand(**of_fair, number="1", employer_name="CANARY employer")
    item = FairItem(**of_fair, kind=ItemKind.TALK, title="CANARY talk", starts_at=dt.time(10))
    answer = SignUp(**of_fair, student_id=student.id)
    result = FairResult(
        **of_fair, student_id=student.id, kind=ResultKind.OFFER, noted_by=user.id, by_student=True
    )
    save(stand, item, answer, result)
    return fair, {
        "stand_id": stand.id,
        "item_id": item.id,
        "sign_up_id": answer.id,
        "result_id": result.id,
    }


def _draft(fair: Fair, host: Viewer) -> int:
    plan = DraftPlan(audience=Audience(), channels=[Channel.INBOX], message="CANARY words")
    with use_scope(host.scope), transaction():
        draft = create_draft(fair, plan, actor=host, submission_id=uuid.uuid4())
    return draft.id


def _picture() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "JPEG")
    return picture.getvalue()


class World:
    """The cast with all that belongs to Lin Mei, and the stranger with all that is theirs."""

    def __init__(self, cast: Cast, settings: Settings) -> None:
        self.actors: dict[Role, User] = {
            Role.STUDENT: cast.lin_mei_user,
            Role.COUNSELOR: cast.chen,
            Role.UNIVERSITY: cast.zheng,
            Role.PROVINCE: cast.huang,
        }
        self.own = belongings_of(cast.lin_mei, cast.lin_mei_user, cast.chen, cast.wu, settings)
        self.foreign = belongings_of(
            cast.stranger, cast.stranger_user, cast.gao, cast.gao, settings
        )
