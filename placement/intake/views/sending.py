"""Choosing what to send, sending it, and the blank workbooks."""

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.queries import visible_universities
from placement.db import db, transaction
from placement.errors import NotVisibleError, PlacementError
from placement.intake.blanks import write_blank
from placement.intake.columns import columns_of
from placement.intake.forms import CHOICES, ImportForm
from placement.intake.models import Import, ImportKind, ListKind
from placement.intake.operations import ImportOptions, IncomingFile, start_import
from placement.intake.spreadsheets import FileRefusedError, Limits, screen_file
from placement.intake.views.blueprint import SENDERS, bp, kinds_of, settings
from placement.intake.words import WHAT, kind_word, locale
from placement.reference import list_kinds
from placement.web import refusal

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/new")
@requires(*SENDERS)
def choose_kind() -> ResponseReturnValue:
    """Ask what the file holds."""
    kinds = kinds_of(viewer())
    return render_template("intake/kinds.html", kinds=kinds, what=WHAT, kind_word=kind_word)


@bp.route("/new/<kind>", methods=["GET", "POST"])
@requires(*SENDERS)
def create_import(kind: str) -> ResponseReturnValue:
    """Take a file and have it checked; a file that is none is refused beside its field."""
    chosen = _kind_of(kind)
    form = _form(chosen)
    if form.validate_on_submit():
        import_ = _start(chosen, form)
        if import_ is not None:
            return redirect(url_for("intake.show_import", import_id=import_.id))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "intake/import_form.html",
        form=form,
        kind=chosen,
        columns=columns_of(chosen.value).values(),
        limits=Limits.of(settings()),
        kind_word=kind_word,
        what=WHAT,
    ), status


@bp.get("/blank/<kind>")
@requires(*SENDERS)
def download_blank(kind: str) -> ResponseReturnValue:
    """Send a blank workbook with the headings of a kind of file."""
    chosen = _kind_of(kind)
    response = Response(write_blank(chosen.value, locale()), mimetype=_XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{chosen.value}.xlsx"'
    return response


def _kind_of(kind: str) -> ImportKind:
    chosen = next((known for known in kinds_of(viewer()) if known.value == kind), None)
    if chosen is None:
        raise NotVisibleError("There is no such kind of file.")
    return chosen


def _form(kind: ImportKind) -> ImportForm:
    """The form of a kind, with its choices."""
    form = ImportForm(data={"class_year": clock.today().year})
    form.list_kind.choices = [
        SelectChoice(each.value, list_kinds.name(each.value, locale())) for each in ListKind
    ]
    universities = db.session.execute(visible_universities(viewer())).scalars().all()
    form.university_id.choices = [
        SelectChoice("", _("as the file says")),
        *(SelectChoice(row.id, f"{row.name} ({row.code})") for row in universities),
    ]
    asked = set(CHOICES[kind])
    if viewer().university_id is not None:
        asked.discard("university_id")
    form.keep_to(tuple(asked))
    return form


def _start(kind: ImportKind, form: ImportForm) -> Import | None:
    """Start the import, or say beside the file why not."""
    limits = Limits.of(settings())
    sent = form.file.data
    file = IncomingFile(sent.read(), sent.filename or "", limits)
    chosen = {name: value for name, value in form.entered.items() if name != "file"}
    if "list_kind" in chosen:
        chosen["list_kind"] = ListKind(chosen["list_kind"])
    try:
        screen_file(file.data, file.name, kind.value, limits)
        with transaction():
            return start_import(file, ImportOptions(kind=kind, **chosen), actor=viewer())
    except FileRefusedError as error:
        form.file.errors = [refusal(error)]
    except PlacementError as error:
        form.refuse(error)
    return None
