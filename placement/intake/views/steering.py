"""Taking a previewed import in, giving it up, taking it back."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.db import db, system_scope, transaction, use_scope
from placement.errors import EditConflictError, InvalidValueError
from placement.intake import operations
from placement.intake.forms import ConfirmForm
from placement.intake.models import Import, ImportState
from placement.intake.operations import BuiltOnError, check_undo
from placement.intake.views.blueprint import SENDERS, bp, visible_import
from placement.intake.words import kind_word, standing_word
from placement.web import PlacementForm, say_done

_TAKEN = (ImportState.APPLYING, ImportState.APPLIED)


@bp.post("/<int:import_id>/confirm")
@requires(*SENDERS)
def confirm_import(import_id: int) -> ResponseReturnValue:
    """Have the file taken in whose preview was shown; a second submit changes nothing."""
    import_ = visible_import(import_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        raise InvalidValueError("The page was tampered with.", remedy="Open it again.")
    try:
        with transaction():
            operations.confirm_import(
                import_, actor=viewer(), sha256=bytes.fromhex(str(form.sha256.data))
            )
    except EditConflictError:
        if visible_import(import_id).state not in _TAKEN:
            raise
    return redirect(url_for("intake.show_import", import_id=import_id))


@bp.post("/<int:import_id>/cancel")
@requires(*SENDERS)
def cancel_import(import_id: int) -> ResponseReturnValue:
    """Give an import up that is not taken in yet."""
    import_ = visible_import(import_id)
    with transaction():
        operations.cancel_import(import_, actor=viewer())
    if import_.state is ImportState.CANCELLED:
        say_done(_("Discarded; nothing was taken in."))
    else:
        say_done(_("It stops at its next step; nothing is taken in."))
    return redirect(url_for("intake.show_import", import_id=import_id))


@bp.route("/<int:import_id>/undo", methods=["GET", "POST"])
@requires(*SENDERS)
def undo_import(import_id: int) -> ResponseReturnValue:
    """Ask, then take an import back as a whole; or say what stands on it."""
    import_ = visible_import(import_id)
    form = PlacementForm()
    if import_.state is not ImportState.APPLIED:
        raise EditConflictError(
            "Only what is taken in can be taken back.", remedy="Look at it again."
        )
    error = _undo(import_, agreed=form.validate_on_submit())
    if error is None and form.is_submitted():
        say_done(_("The import is taken back as a whole."))
        return redirect(url_for("intake.show_import", import_id=import_id))
    return render_template(
        "intake/undo.html",
        import_=visible_import(import_id),
        form=form,
        error=error,
        kind_word=kind_word,
        standing_word=standing_word,
    ), 409 if error else 200


def _undo(import_: Import, *, agreed: bool) -> BuiltOnError | None:
    """Take the import back if that is `agreed`, else only look; what stands in the way, if it does.

    What stands on it may belong to another university, hence the program's own scope.
    """
    with use_scope(system_scope("undo an import")):
        try:
            if not agreed:
                check_undo(import_)
            else:
                with transaction():
                    operations.undo_import(import_.id, actor_id=viewer().user_id)
        except BuiltOnError as error:
            db.session.rollback()
            return error
    return None
