"""Who is behind the figures of a notice: lists, one person's story, and what to do about it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.audit.operations import record_event
from placement.db import db, transaction
from placement.desk.notices import words
from placement.desk.notices.exports import as_csv, as_xlsx, people_lines
from placement.desk.notices.funnel import Funnel, Step, count_steps, people_of, steps_of
from placement.desk.notices.stories import messages_to, results_of, story_of
from placement.desk.views.blueprint import bp
from placement.exporting.guards import count_of, may_be_large
from placement.fairs.words import state_word
from placement.notices.forms import ResolveForm
from placement.notices.models import Channel, Delivery, DeliveryState, Notice, NoticeState
from placement.notices.operations.steering import Resolution, resolve_doubt, retry_failed
from placement.notices.queries import visible_deliveries, visible_notices
from placement.notices.words import CHANNELS
from placement.reports.exports import MEDIA_TYPES
from placement.students.models import Student
from placement.students.operations.reading import record_listing, record_reading
from placement.students.queries import visible_students
from placement.web import get_or_404, paginate, say_done

SENDERS = (Role.UNIVERSITY, Role.PROVINCE)
_WRITERS = {"csv": as_csv, "xlsx": as_xlsx}
_IN_DOUBT = {DeliveryState.UNCERTAIN, DeliveryState.UNCERTAIN_FINAL}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; what is no such word asks for everybody, by any way."""

    step: Step
    lacking: bool
    channel: Channel | None

    @classmethod
    def of_request(cls) -> "Wanted":
        """Read it."""
        step, channel = request.args.get("step", ""), request.args.get("channel", "")
        return cls(
            step=Step(step) if step in set(Step) else Step.CHOSEN,
            lacking=request.args.get("lacking") == "1",
            channel=Channel(channel) if channel in set(Channel) else None,
        )


@bp.app_template_global("funnel_of")
def funnel_of(notice: Notice, channels: Collection[Channel]) -> Funnel:
    """How far the people of a notice are, for its page, which knows by which ways it goes."""
    return count_steps(notice, channel=next(iter(channels)) if len(channels) == 1 else None)


bp.add_app_template_filter(words.step_word)
bp.add_app_template_filter(words.step_meaning)
bp.add_app_template_filter(words.lacking_word)
bp.add_app_template_filter(state_word, "answer_word")


@bp.get("/notices/<int:notice_id>/people")
@requires(*SENDERS)
def list_notice_people(notice_id: int) -> ResponseReturnValue:
    """Show who reached a step of a notice, or who did not."""
    notice = _notice(notice_id)
    wanted = Wanted.of_request()
    with transaction():
        page = paginate(_people(notice, wanted), scalars=False)
        students = [student.id for student, _answer in page]
        record_listing(sorted(students), actor=viewer(), page="notice_people")
    return render_template(
        "desk/notice_people.html",
        notice=notice,
        page=page,
        messages=messages_to(notice, students),
        wanted=wanted,
        steps=[(step.value, words.step_word(step)) for step in steps_of(notice)],
        channels=[(channel.value, word) for channel, word in CHANNELS.items()],
        masked=viewer().role is Role.PROVINCE,
    )


def _count(notice_id: int, form: str) -> int:
    return count_of(_people(_notice(notice_id), Wanted.of_request()).with_only_columns(Student.id))


@bp.get("/notices/<int:notice_id>/people.<form>")
@requires(*SENDERS)
@may_be_large(_count)
def export_notice_people(notice_id: int, form: str) -> ResponseReturnValue:
    """Give the same people as a file, all pages of them."""
    notice = _notice(notice_id)
    if form not in _WRITERS:
        abort(404)
    wanted = Wanted.of_request()
    selected = _people(notice, wanted).options(joinedload(Student.university))
    rows = [(row[0], row[1]) for row in db.session.execute(selected)]
    with transaction():
        record_event(
            "notice.exported",
            actor_id=viewer().user_id,
            subject=notice,
            student_ids=[student.id for student, _answer in rows],
            details={"step": wanted.step.value, "lacking": wanted.lacking},
        )
    messages = messages_to(notice, [student.id for student, _answer in rows])
    used = {delivery.channel for own in messages.values() for delivery in own}
    lines = people_lines(
        rows,
        messages,
        channels=[channel for channel in CHANNELS if channel in used],
        masked=viewer().role is Role.PROVINCE,
    )
    return Response(
        _WRITERS[form](lines),
        mimetype=MEDIA_TYPES[form],
        headers={"Content-Disposition": f"attachment; filename=notice-{notice.id}-people.{form}"},
    )


@bp.get("/notices/<int:notice_id>/people/<int:student_id>")
@requires(*SENDERS)
def show_notice_person(notice_id: int, student_id: int) -> ResponseReturnValue:
    """Show all that happened between a notice and one person."""
    return _person_page(_notice(notice_id), student_id)


@bp.post("/notices/<int:notice_id>/deliveries/<int:delivery_id>/resolve")
@requires(*SENDERS)
def resolve_delivery(notice_id: int, delivery_id: int) -> ResponseReturnValue:
    """Decide about one message in doubt."""
    notice, delivery = _notice(notice_id), _delivery(notice_id, delivery_id)
    form = ResolveForm()
    if not form.validate_on_submit():
        abort(422)
    with transaction():
        changed = resolve_doubt(
            notice,
            Resolution(form.resolution.data),
            actor=viewer(),
            settings=current_app.config["SETTINGS"],
            delivery_id=delivery.id,
        )
    return _back_to_person(delivery, changed)


@bp.post("/notices/<int:notice_id>/deliveries/<int:delivery_id>/retry")
@requires(*SENDERS)
def retry_delivery(notice_id: int, delivery_id: int) -> ResponseReturnValue:
    """Try one refused message again."""
    notice, delivery = _notice(notice_id), _delivery(notice_id, delivery_id)
    with transaction():
        changed = retry_failed(
            notice,
            actor=viewer(),
            settings=current_app.config["SETTINGS"],
            delivery_id=delivery.id,
        )
    return _back_to_person(delivery, changed)


def _notice(notice_id: int) -> Notice:
    return get_or_404(visible_notices(viewer()), notice_id)


def _delivery(notice_id: int, delivery_id: int) -> Delivery:
    own = visible_deliveries(viewer()).where(Delivery.notice_id == notice_id)
    return get_or_404(own, delivery_id)


def _people(notice: Notice, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    return people_of(
        notice, viewer(), step=wanted.step, lacking=wanted.lacking, channel=wanted.channel
    )


def _person_page(notice: Notice, student_id: int) -> str:
    student = get_or_404(visible_students(viewer()), student_id)
    found = db.session.execute(people_of(notice, viewer()).where(Student.id == student_id)).first()
    if found is None:
        abort(404)
    with transaction():
        record_reading(student, actor=viewer(), page="notice")
    messages = messages_to(notice, [student.id])[student.id]
    return render_template(
        "desk/notice_person.html",
        notice=notice,
        student=student,
        messages=messages,
        story=story_of(messages, found[1], results_of(notice, student.id)),
        doubtful=[message for message in messages if message.state in _IN_DOUBT],
        stopped=notice.state is NoticeState.CANCELLED,
        masked=viewer().role is Role.PROVINCE,
    )


def _back_to_person(delivery: Delivery, changed: int) -> ResponseReturnValue:
    say_done(_("Done.") if changed else _("Nothing had to be done: it has moved on meanwhile."))
    return redirect(
        url_for(
            "desk.show_notice_person",
            notice_id=delivery.notice_id,
            student_id=delivery.student_id,
        )
    )
