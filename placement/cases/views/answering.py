"""The counselor's reply to a question about an action."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.cases import operations
from placement.cases.acts import perform
from placement.cases.forms import ReplyForm
from placement.cases.models import Action
from placement.cases.queries import opened_answer, part_of
from placement.cases.views.blueprint import HELPERS, bp, visible_case
from placement.errors import NotVisibleError


@bp.route("/<int:case_id>/actions/<int:action_id>/reply", methods=["GET", "POST"])
@requires(*HELPERS)
def reply_to_question(case_id: int, action_id: int) -> ResponseReturnValue:
    """Answer what the student asked about an action."""
    case = visible_case(case_id)
    action = part_of(case, Action, action_id)
    answer = operations.standing_answer(action)
    if answer is None:
        raise NotVisibleError("Nothing is asked about this action.")
    asked, replied = opened_answer(case.student, answer)
    form = ReplyForm(data={"reply": replied})
    form.reply.description = _("%(action)s: “%(question)s”", action=action.title, question=asked)
    return perform(
        case,
        form,
        heading=_("Reply to the question"),
        act=lambda: operations.reply_to_question(
            answer, case=case, actor=viewer(), reply=str(form.reply.data)
        ),
        said=_("Your reply stands beside the action."),
    )
