"""The page on which the province keeps its lists of words."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.vocabulary import operations
from placement.vocabulary.forms import AddForm, EndForm, RenameForm
from placement.vocabulary.models import Term, WordList
from placement.vocabulary.queries import FIRST, history_of, term_by_id
from placement.vocabulary.words import LISTS
from placement.web import PlacementForm, say_done
from placement.web.dated import answer_act, by_code, last_of, list_named, page_language

bp = Blueprint("vocabulary", __name__, url_prefix="/vocabulary")


@bp.get("")
@requires(Role.PROVINCE)
def show() -> ResponseReturnValue:
    """Show a list: each word with the days on which it is offered, the earlier ones below."""
    list_ = list_named(WordList, request.args.get("list", WordList.BARRIERS.value))
    return render_template(
        "vocabulary/list.html",
        list_=list_,
        lists=LISTS,
        groups=by_code(history_of(list_)),
        today=clock.today(),
        locale_code=page_language(),
        base_name=lambda code: FIRST[list_].name(code, page_language()),
    )


@bp.route("/<name>/new", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def add(name: str) -> ResponseReturnValue:
    """Add a word."""
    list_ = list_named(WordList, name)
    form = AddForm(data={"valid_from": clock.today(), "base": "other"})
    form.base.choices = [
        SelectChoice(entry.code, entry.label(page_language()))
        for entry in FIRST[list_].entries.values()
    ]
    return _perform(
        list_,
        form,
        heading=_("Add a word"),
        act=lambda: operations.add_word(list_, actor=viewer(), **form.entered),
        said=_("The word is added."),
    )


@bp.route("/<name>/<code>/rename", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def rename(name: str, code: str) -> ResponseReturnValue:
    """Call something otherwise from a day on."""
    list_ = list_named(WordList, name)
    known = last_of(history_of(list_), code)
    form = RenameForm(data={"zh": known.zh, "en": known.en, "valid_from": clock.today()})
    return _perform(
        list_,
        form,
        heading=_("Call it otherwise: %(word)s", word=known.label(page_language())),
        act=lambda: operations.rename_word(list_, code, actor=viewer(), **form.entered),
        said=_("The new word holds from its day; what was noted before keeps the old one."),
    )


@bp.route("/<name>/<code>/end", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def end(name: str, code: str) -> ResponseReturnValue:
    """Offer a word until a day and no longer."""
    list_ = list_named(WordList, name)
    form = EndForm(data={"last_on": clock.today()})
    return _perform(
        list_,
        form,
        heading=_(
            "No longer offer: %(word)s",
            word=last_of(history_of(list_), code).label(page_language()),
        ),
        act=lambda: operations.end_word(list_, code, actor=viewer(), **form.entered),
        said=_("The word is offered until its last day; what was noted with it stays."),
    )


@bp.post("/terms/<int:term_id>/undo")
@requires(Role.PROVINCE)
def take_back(term_id: int) -> ResponseReturnValue:
    """Take the last act on a word back."""
    term = term_by_id(term_id)
    list_ = term.list
    with transaction():
        operations.take_back(term, actor=viewer())
    say_done(_("Taken back."))
    return redirect(url_for("vocabulary.show", list=list_.value))


def _perform(
    list_: WordList, form: PlacementForm, *, heading: str, act: Callable[[], Term], said: str
) -> ResponseReturnValue:
    back = url_for("vocabulary.show", list=list_.value)

    def show() -> str:
        return render_template(
            "_dated_form.html", form=form, heading=heading, back=back, name=LISTS[list_]
        )

    def undo(term: Term) -> str:
        return url_for("vocabulary.take_back", term_id=term.id)

    return answer_act(form, act=act, said=said, undo=undo, back=back, show=show)
