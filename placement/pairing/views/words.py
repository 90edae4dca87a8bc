"""What a helper told the counselor, noted by the counselor; and settling an objection."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.cases.acts import perform
from placement.db import transaction
from placement.pairing import operations
from placement.pairing.forms import AgreementForm, HelpForm
from placement.pairing.models import PairingWord
from placement.pairing.queries import word_of
from placement.pairing.views.blueprint import HELPERS, bp, helpers_url, visible_pairing
from placement.web import say_done


@bp.route("/helpers/<int:pairing_id>/words/new", methods=["GET", "POST"])
@requires(*HELPERS)
def note_word(pairing_id: int) -> ResponseReturnValue:
    """Note what a helper told me."""
    pairing = visible_pairing(pairing_id)
    form = HelpForm(data={"helped_on": clock.today()})

    def undo(word: PairingWord) -> str:
        return url_for("pairing.undo_word", pairing_id=pairing_id, word_id=word.id)

    return perform(
        pairing.case,
        form,
        heading=_("What %(name)s did", name=pairing.helper),
        act=lambda: operations.note_word(
            pairing,
            actor=viewer(),
            text=str(form.text.data),
            helped_on=form.helped_on.data,
            submission_id=form.submission,
        ),
        said=_("Noted."),
        undo=undo,
        back=helpers_url(pairing),
    )


@bp.post("/helpers/<int:pairing_id>/words/<int:word_id>/undo")
@requires(*HELPERS)
def undo_word(pairing_id: int, word_id: int) -> ResponseReturnValue:
    """Take back what I noted by mistake."""
    pairing = visible_pairing(pairing_id)
    with transaction():
        operations.take_word_back(word_of(pairing, word_id), actor=viewer())
    say_done(_("Taken back."))
    return redirect(helpers_url(pairing))


@bp.route("/helpers/<int:pairing_id>/objection", methods=["GET", "POST"])
@requires(*HELPERS)
def settle_objection(pairing_id: int) -> ResponseReturnValue:
    """Say what was agreed with the student about a helper."""
    pairing = visible_pairing(pairing_id)
    form = AgreementForm()
    form.answer.description = _("The student says: “%(words)s”", words=pairing.objection)
    return perform(
        pairing.case,
        form,
        heading=_("Settle the objection to %(name)s", name=pairing.helper),
        act=lambda: operations.settle_objection(
            pairing, actor=viewer(), answer=str(form.answer.data)
        ),
        said=_("Settled. The helper may go on."),
        back=helpers_url(pairing),
    )
