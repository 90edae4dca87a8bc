"""The pages of files that a worker makes: asking, how far one is, fetching it, one's own list."""

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.exporting.operations import ask_for_file, fetch_file
from placement.exporting.queries import own_files
from placement.exporting.running import makes_files
from placement.web import get_or_404, paginate, say_done
from placement.work.models import Work
from placement.work.operations import ask_to_cancel

bp = Blueprint("exporting", __name__, url_prefix="/files")
STAFF = (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE)
_LONGEST_ADDRESS = 4000


@bp.get("")
@requires(*STAFF)
def list_files() -> ResponseReturnValue:
    """Show the files that the viewer asked for within a day."""
    return render_template("exporting/list.html", page=paginate(own_files(viewer())))


@bp.post("")
@requires(*STAFF)
def ask() -> ResponseReturnValue:
    """Have the file behind an address of ours made by a worker."""
    address = request.form.get("address", "")[:_LONGEST_ADDRESS]
    if not makes_files(current_app, address, viewer().role):
        abort(422)
    with transaction():
        work = ask_for_file(address, actor=viewer(), locale=str(get_locale()))
    return redirect(url_for("exporting.show_file", work_id=work.id))


@bp.get("/<int:work_id>")
@requires(*STAFF)
def show_file(work_id: int) -> ResponseReturnValue:
    """Show how far a file is, and lead to it once it is made."""
    return render_template("exporting/file.html", work=_own(work_id))


@bp.get("/<int:work_id>/content")
@requires(*STAFF)
def fetch(work_id: int) -> ResponseReturnValue:
    """Send a made file to whom it was made for, if they may still see whom it shows."""
    work = _own(work_id)
    with transaction():
        file, data = fetch_file(work, actor=viewer())
        response = Response(data, mimetype=file.content_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<int:work_id>/cancel")
@requires(*STAFF)
def cancel(work_id: int) -> ResponseReturnValue:
    """Give up a file that is being made."""
    work = _own(work_id)
    with transaction():
        ask_to_cancel(work)
    say_done(_("The file is not made."))
    return redirect(url_for("exporting.list_files"))


def _own(work_id: int) -> Work:
    return get_or_404(own_files(viewer()), work_id)
