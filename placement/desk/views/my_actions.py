"""What I say to the actions of my plan: yes, or a question that my counselor answers."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.cases import operations
from placement.cases.forms import QuestionForm
from placement.cases.models import Action, AnswerKind, Case
from placement.cases.queries import part_of
from placement.db import transaction
from placement.desk.views.blueprint import bp
from placement.desk.views.my_plan import own_case
from placement.errors import NotVisibleError, PlacementError
from placement.web import say_done


@bp.post("/my/actions/<int:action_id>/accept")
@requires(Role.STUDENT)
def accept_action(action_id: int) -> ResponseReturnValue:
    """Say yes to an action."""
    case, action = _own(action_id)
    with transaction():
        operations.answer_action(action, case=case, actor=viewer(), kind=AnswerKind.ACCEPTED)
    say_done(
        _("Agreed: %(action)s", action=action.title),
        undo=url_for("desk.take_back_word", action_id=action_id),
    )
    return redirect(url_for("desk.my_plan"))


@bp.route("/my/actions/<int:action_id>/question", methods=["GET", "POST"])
@requires(Role.STUDENT)
def question_action(action_id: int) -> ResponseReturnValue:
    """Ask about an action, or say that it does not suit me."""
    case, action = _own(action_id)
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.answer_action(
                    action,
                    case=case,
                    actor=viewer(),
                    kind=AnswerKind.QUESTIONED,
                    note=str(form.note.data),
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(
                _("Your counselor sees your question today."),
                undo=url_for("desk.take_back_word", action_id=action_id),
            )
            return redirect(url_for("desk.my_plan"))
    return render_template(
        "students/act_form.html",
        form=form,
        heading=_("Ask about this step"),
        under=action.title,
        act=_("Ask my counselor"),
        back=url_for("desk.my_plan"),
    ), 422 if form.is_submitted() else 200


@bp.post("/my/actions/<int:action_id>/take-back")
@requires(Role.STUDENT)
def take_back_word(action_id: int) -> ResponseReturnValue:
    """Take my word to an action back."""
    case, action = _own(action_id)
    with transaction():
        operations.take_answer_back(action, case=case, actor=viewer())
    say_done(_("Taken back."))
    return redirect(url_for("desk.my_plan"))


def _own(action_id: int) -> tuple[Case, Action]:
    case = own_case()
    if case is None:
        raise NotVisibleError("There is no case for you.")
    return case, part_of(case, Action, action_id)
