"""Signing, verifying, publishing: each with the password given again, or on a page that asks."""

import datetime as dt
from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.accounts.operations import TooManyAttemptsError, confirm_password
from placement.db import system_scope, transaction, use_scope
from placement.errors import PlacementError
from placement.reports.models import Snapshot
from placement.reports.snapshots.forms import ConfirmForm
from placement.reports.snapshots.operations import sign_snapshot, verify_snapshot
from placement.reports.snapshots.publishing import ask_to_publish
from placement.reports.snapshots.queries import figures_of, visible_snapshots
from placement.reports.snapshots.views.blueprint import KEEPERS, bp
from placement.web import get_or_404, refusal, say_done


@bp.route("/snapshots/<int:snapshot_id>/sign", methods=["GET", "POST"])
@requires(*KEEPERS)
def sign(snapshot_id: int) -> ResponseReturnValue:
    """Put one's name under the figures."""
    snapshot = get_or_404(visible_snapshots(viewer()), snapshot_id)

    def act(confirmed_at: dt.datetime) -> None:
        sign_snapshot(snapshot, signer=viewer(), confirmed_at=confirmed_at)

    return _confirmed(snapshot, act, verifying=False)


@bp.route("/snapshots/<int:snapshot_id>/verify", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def verify(snapshot_id: int) -> ResponseReturnValue:
    """Verify for the province what somebody else has signed."""
    snapshot = get_or_404(visible_snapshots(viewer()), snapshot_id)

    def act(confirmed_at: dt.datetime) -> None:
        verify_snapshot(snapshot, verifier=viewer(), confirmed_at=confirmed_at)

    return _confirmed(snapshot, act, verifying=True)


def _confirmed(
    snapshot: Snapshot, act: Callable[[dt.datetime], None], *, verifying: bool
) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            confirmed_at = _password_moment(str(form.password.data))
            if confirmed_at is None:
                form.password.errors = [_("The password does not fit.")]
            else:
                with transaction():
                    act(confirmed_at)
                say_done(_("Verified.") if verifying else _("Signed."))
                return redirect(url_for("snapshots.show_snapshot", snapshot_id=snapshot.id))
        except PlacementError as error:
            form.password.errors = [refusal(error)]
            return _ask(snapshot, form, verifying), _status(error)
    return _ask(snapshot, form, verifying), 422 if form.is_submitted() else 200


def _status(error: PlacementError) -> int:
    return 429 if isinstance(error, TooManyAttemptsError) else 422


def _ask(snapshot: Snapshot, form: ConfirmForm, verifying: bool) -> str:  # noqa: FBT001 - one page, two acts
    total = figures_of(snapshot)["tables"]["total"][0]
    return render_template(
        "reports/snapshots/confirm.html",
        snapshot=snapshot,
        form=form,
        verifying=verifying,
        total=total,
    )


def _password_moment(password: str) -> dt.datetime | None:
    with use_scope(system_scope("confirm the password")), transaction():
        return confirm_password(viewer().user_id, password, address=request.remote_addr or "")


@bp.route("/snapshots/<int:snapshot_id>/publish", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def publish(snapshot_id: int) -> ResponseReturnValue:
    """Ask before the figures are shown to everybody, then have them protected and shown."""
    snapshot = get_or_404(visible_snapshots(viewer()), snapshot_id)
    back = url_for("snapshots.show_snapshot", snapshot_id=snapshot.id)
    if request.method == "GET":
        return render_template("reports/snapshots/publish.html", snapshot=snapshot, back=back)
    with transaction():
        ask_to_publish(snapshot, publisher=viewer())
    say_done(_("The tables are being protected; then everybody can read them."))
    return redirect(back)
