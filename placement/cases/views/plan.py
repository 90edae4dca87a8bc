"""Barriers, goals, actions and expectations."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.cases import operations
from placement.cases.acts import case_url, perform
from placement.cases.forms import (
    ActionEditForm,
    ActionForm,
    ActionStateForm,
    BarrierEditForm,
    BarrierForm,
    ExpectationForm,
    GoalEditForm,
    GoalForm,
)
from placement.cases.models import Action, ActionKind, Barrier, BarrierKind, Goal
from placement.cases.queries import opened_note, part_of, parts_of
from placement.cases.views.blueprint import HELPERS, bp, visible_case
from placement.cases.words import kind_word, word, word_choices
from placement.db import transaction
from placement.errors import InvalidValueError, PlacementError
from placement.vocabulary.models import WordList
from placement.vocabulary.queries import Word, words_on
from placement.web import refusal, say_done

NONE = 0


def _chosen(offered: list[Word], code: str) -> Word:
    """The word of the list that was chosen; the form has checked that it is one of them."""
    return next(word for word in offered if word.code == code)


@bp.route("/<int:case_id>/barriers/new", methods=["GET", "POST"])
@requires(*HELPERS)
def create_barrier(case_id: int) -> ResponseReturnValue:
    """Note what stands in the way."""
    case = visible_case(case_id)
    form, offered = BarrierForm(), words_on(WordList.BARRIERS, clock.today())
    form.kind.choices = word_choices(offered)

    def act() -> Barrier:
        chosen = _chosen(offered, str(form.kind.data))
        return operations.add_barrier(
            case,
            actor=viewer(),
            kind=BarrierKind(chosen.base),
            term_id=chosen.term_id,
            note=form.note.data or "",
        )

    return perform(
        case,
        form,
        heading=_("Note a barrier"),
        act=act,
        said=_("The barrier is noted."),
    )


@bp.route("/<int:case_id>/barriers/<int:barrier_id>", methods=["GET", "POST"])
@requires(*HELPERS)
def edit_barrier(case_id: int, barrier_id: int) -> ResponseReturnValue:
    """Say whether a barrier still stands."""
    case = visible_case(case_id)
    barrier = part_of(case, Barrier, barrier_id)

    def stored() -> dict[str, object]:
        note = opened_note(case.student, barrier)
        return {"state": barrier.state, "note": note, "version": barrier.version}

    form = BarrierEditForm(data=stored())
    return perform(
        case,
        form,
        heading=_("Barrier: %(kind)s", kind=kind_word(barrier)),
        act=lambda: operations.change_barrier(
            barrier,
            case=case,
            actor=viewer(),
            state=form.state.data,
            note=form.note.data or "",
            version=form.shown_version,
        ),
        said=_("The barrier is changed."),
        stored=stored,
    )


@bp.route("/<int:case_id>/goals/new", methods=["GET", "POST"])
@requires(*HELPERS)
def create_goal(case_id: int) -> ResponseReturnValue:
    """Set what is aimed at."""
    case = visible_case(case_id)
    form = GoalForm()
    form.barrier_id.choices = [
        SelectChoice(NONE, _("none of them")),
        *(SelectChoice(barrier.id, kind_word(barrier)) for barrier in parts_of(case, Barrier)),
    ]
    return perform(
        case,
        form,
        heading=_("Set a goal"),
        act=lambda: operations.set_goal(
            case,
            actor=viewer(),
            title=str(form.title.data),
            target_on=form.target_on.data,
            barrier_id=form.barrier_id.data or None,
        ),
        said=_("The goal is set."),
    )


@bp.route("/<int:case_id>/goals/<int:goal_id>", methods=["GET", "POST"])
@requires(*HELPERS)
def edit_goal(case_id: int, goal_id: int) -> ResponseReturnValue:
    """Change a goal or say that it is reached."""
    case = visible_case(case_id)
    goal = part_of(case, Goal, goal_id)
    form = GoalEditForm(obj=goal)
    return perform(
        case,
        form,
        heading=_("Goal"),
        act=lambda: operations.change_goal(
            goal,
            case=case,
            actor=viewer(),
            title=str(form.title.data),
            target_on=form.target_on.data,
            state=form.state.data,
            version=form.shown_version,
        ),
        said=_("The goal is changed."),
        stored=lambda: {
            "title": goal.title,
            "target_on": goal.target_on,
            "state": goal.state,
            "version": goal.version,
        },
    )


@bp.route("/<int:case_id>/actions/new", methods=["GET", "POST"])
@requires(*HELPERS)
def create_action(case_id: int) -> ResponseReturnValue:
    """Plan what is done about it, or record what is done already."""
    case = visible_case(case_id)
    form, offered = ActionForm(), words_on(WordList.ACTIONS, clock.today())
    form.kind.choices = word_choices(offered)
    form.goal_id.choices = [
        SelectChoice(NONE, _("none of them")),
        *(SelectChoice(goal.id, goal.title) for goal in parts_of(case, Goal)),
    ]

    def act() -> Action:
        chosen = _chosen(offered, str(form.kind.data))
        return operations.add_action(
            case,
            actor=viewer(),
            kind=ActionKind(chosen.base),
            term_id=chosen.term_id,
            title=str(form.title.data),
            goal_id=form.goal_id.data or None,
            due_on=form.due_on.data,
            by_student=bool(form.by_student.data),
            done_on=form.done_on.data,
        )

    return perform(
        case,
        form,
        heading=_("Plan an action"),
        act=act,
        said=_("The action is planned."),
    )


@bp.route("/<int:case_id>/actions/<int:action_id>", methods=["GET", "POST"])
@requires(*HELPERS)
def edit_action(case_id: int, action_id: int) -> ResponseReturnValue:
    """Say how far an action is."""
    case = visible_case(case_id)
    action = part_of(case, Action, action_id)
    form = ActionEditForm(obj=action)
    return perform(
        case,
        form,
        heading=_("Action"),
        act=lambda: operations.change_action(
            action,
            case=case,
            actor=viewer(),
            title=str(form.title.data),
            due_on=form.due_on.data,
            state=form.state.data,
            version=form.shown_version,
        ),
        said=_("The action is changed."),
        stored=lambda: {
            "title": action.title,
            "due_on": action.due_on,
            "state": action.state,
            "version": action.version,
        },
    )


@bp.post("/<int:case_id>/actions/<int:action_id>/state")
@requires(*HELPERS)
def mark_action(case_id: int, action_id: int) -> ResponseReturnValue:
    """Say in one touch how far an action is; its undoing names the state before in the address."""
    case = visible_case(case_id)
    action = part_of(case, Action, action_id)
    before, form = action.state, ActionStateForm(request.values)
    if not form.validate():
        raise InvalidValueError("An action has no such state.", remedy="Load the page again.")
    try:
        with transaction():
            operations.change_action(
                action,
                case=case,
                actor=viewer(),
                title=action.title,
                due_on=action.due_on,
                state=form.state.data,
                version=form.shown_version,
            )
    except PlacementError as error:
        flash(refusal(error), "error")
    else:
        undo = url_for(
            "cases.mark_action",
            case_id=case_id,
            action_id=action_id,
            state=before,
            version=action.version,
        )
        said = _("%(what)s: %(state)s", what=action.title, state=word(action.state))
        say_done(said, undo="" if "state" in request.args else undo, swap="plan")
    return redirect(case_url(case_id))


@bp.route("/<int:case_id>/expectations/new", methods=["GET", "POST"])
@requires(*HELPERS)
def adjust_expectations(case_id: int) -> ResponseReturnValue:
    """Record what the student hopes for now."""
    case = visible_case(case_id)
    form = ExpectationForm()
    return perform(
        case,
        form,
        heading=_("Adjust expectations"),
        act=lambda: operations.adjust_expectations(
            case,
            actor=viewer(),
            places=form.places.data or "",
            salary_min=form.salary_min.data,
            occupation=form.occupation.data or "",
            note=form.note.data or "",
        ),
        said=_("The expectations are recorded."),
    )
