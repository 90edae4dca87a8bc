"""The matching desk: what a partner list found, and the university's word on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import db, transaction
from placement.errors import EditConflictError, InvalidValueError, PlacementError
from placement.intake import operations, words
from placement.intake.forms import ConfirmMatchedForm, ConfirmMatchForm, RefuseMatchForm
from placement.intake.models import Import, ListMatch, MatchDecision, MatchState
from placement.intake.operations import listed_person
from placement.intake.queries import (
    count_rows_of_list,
    count_waiting,
    in_order,
    names_of_users,
    rows_of_list,
    students_by_number,
)
from placement.intake.views.blueprint import SENDERS, bp, visible_list
from placement.students.models import Student
from placement.students.operations.reading import record_listing
from placement.web import get_or_404, paginate, safe_next, say_done


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A row of the desk: the person of the list and the student side by side."""

    match: ListMatch
    said: Mapping[str, Any]
    student: Student | None
    others: Sequence[Student]
    """Others of the viewer's own whom the row may mean as well."""
    reason: str


@bp.get("/<int:import_id>/matches")
@requires(*SENDERS)
def list_matches(import_id: int) -> ResponseReturnValue:
    """Show the rows of a list in one state; the province sees who it is behind masks."""
    import_ = visible_list(import_id)
    current = viewer()
    counts = count_rows_of_list(current, import_)
    shown = _state_asked(counts)
    with transaction():
        page = paginate(in_order(rows_of_list(current, import_), shown))
        rows = _desk_rows(page.items)
        listed = sorted({row.student.id for row in rows if row.student is not None})
        record_listing(listed, actor=current, page="matches")
    return render_template(
        "intake/matches.html",
        import_=import_,
        counts=counts,
        shown=shown,
        page=page,
        rows=rows,
        open_matched=len(_open_matched(import_)) if current.role is Role.UNIVERSITY else 0,
        waiting=count_waiting(current, [import_]).get(import_.id, 0),
        deciders=names_of_users(row.match.decided_by for row in rows),
        form=ConfirmMatchForm(),
        words=words,
    )


@bp.route("/<int:import_id>/matches/confirm", methods=["GET", "POST"])
@requires(Role.UNIVERSITY)
def confirm_matched(import_id: int) -> ResponseReturnValue:
    """Ask, then confirm all rows of a list that are certain; never one that is only possible."""
    import_ = visible_list(import_id)
    matches = _open_matched(import_)
    form = ConfirmMatchedForm(data={"count": len(matches)})
    if form.validate_on_submit():
        if str(form.count.data) != str(len(matches)):
            raise EditConflictError(
                "The rows have changed since they were shown.", remedy="Look at the list again."
            )
        with transaction():
            done = operations.confirm_matches(import_, matches, actor=viewer())
        say_done(ngettext("%(num)d person confirmed.", "%(num)d people confirmed.", done))
        return redirect(url_for("intake.list_matches", import_id=import_id))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "intake/confirm_matched.html",
        import_=import_,
        form=form,
        count=len(matches),
        kind_word=words.kind_word,
    ), status


@bp.post("/<int:import_id>/matches/<int:match_id>/confirm")
@requires(Role.UNIVERSITY)
def confirm_match(import_id: int, match_id: int) -> ResponseReturnValue:
    """Confirm that a row means the student, or another of those whom it may mean."""
    import_ = visible_list(import_id)
    match = get_or_404(rows_of_list(viewer(), import_), match_id)
    form = ConfirmMatchForm()
    if not form.validate_on_submit():
        raise InvalidValueError("The page was tampered with.", remedy="Open it again.")
    chosen = int(form.student_id.data) if form.student_id.data else None
    with transaction():
        operations.decide_match(
            match, actor=viewer(), decision=MatchDecision.CONFIRMED, student_id=chosen
        )
    say_done(_("Confirmed."))
    return redirect(_back(import_, match))


@bp.route("/<int:import_id>/matches/<int:match_id>/refuse", methods=["GET", "POST"])
@requires(Role.UNIVERSITY)
def refuse_match(import_id: int, match_id: int) -> ResponseReturnValue:
    """Ask why a row does not mean the student, then refuse it."""
    import_ = visible_list(import_id)
    match = get_or_404(rows_of_list(viewer(), import_), match_id)
    form = RefuseMatchForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.decide_match(
                    match,
                    actor=viewer(),
                    decision=MatchDecision.REFUSED,
                    reason=str(form.reason.data),
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("Refused; the student is not in the category by this list."))
            return redirect(_back(import_, match))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "intake/refuse_match.html",
        import_=import_,
        row=_desk_rows([match])[0],
        form=form,
        back=_back(import_, match),
        words=words,
    ), status


def _state_asked(counts: Mapping[MatchState, int]) -> MatchState:
    asked = request.args.get("show", "")
    known = {state.value: state for state in MatchState}
    return known.get(asked) or next((s for s in counts if counts[s]), MatchState.MATCHED)


def _open_matched(import_: Import) -> Sequence[ListMatch]:
    """The rows about the viewer's own students that are certain and wait."""
    rows: Select[ListMatch] = rows_of_list(viewer(), import_)
    waiting = rows.where(ListMatch.state == MatchState.MATCHED, ListMatch.decision.is_(None))
    return db.session.execute(waiting.order_by(ListMatch.id)).scalars().all()


def _desk_rows(matches: Sequence[ListMatch]) -> list[DeskRow]:
    students = students_by_number(viewer(), (match.student_id for match in matches))
    said = {
        match.id: listed_person(match) if match.student_id in students else {} for match in matches
    }
    named = {number for each in said.values() for number in each.get("alternatives", ())}
    others = students_by_number(viewer(), named)
    return [
        DeskRow(
            match,
            said[match.id],
            students.get(match.student_id or 0),
            [others[n] for n in said[match.id].get("alternatives", ()) if n in others],
            words.reason_word(match.reason, said[match.id].get("values", {})),
        )
        for match in matches
    ]


def _back(import_: Import, match: ListMatch) -> str:
    listed = url_for("intake.list_matches", import_id=import_.id, show=match.state.value)
    return safe_next(request.values.get("next"), listed)
