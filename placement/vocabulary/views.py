"""The page on which the province keeps its lists of words."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.errors import NotVisibleError, PlacementError
from placement.vocabulary import operations
from placement.vocabulary.forms import AddForm, EndForm, RenameForm
from placement.vocabulary.models import Term, WordList
from placement.vocabulary.queries import FIRST, Word, history_of, term_by_id
from placement.vocabulary.words import LISTS
from placement.web import PlacementForm, refusal, say_done

bp = Blueprint("vocabulary", __name__, url_prefix="/vocabulary")


@bp.get("")
@requires(Role.PROVINCE)
def show() -> ResponseReturnValue:
    """Show a list: each word with the days on which it is offered, the earlier ones below."""
    list_ = _list(request.args.get("list", WordList.BARRIERS.value))
    by_code: dict[str, list[Word]] = {}
    for word in history_of(list_):
        by_code.setdefault(word.code, []).insert(0, word)
    return render_template(
        "vocabulary/list.html",
        list_=list_,
        lists=LISTS,
        groups=list(by_code.values()),
        today=clock.today(),
        locale_code=_locale(),
        base_name=lambda code: FIRST[list_].name(code, _locale()),
    )


@bp.route("/<name>/new", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def add(name: str) -> ResponseReturnValue:
    """Add a word."""
    list_ = _list(name)
    form = AddForm(data={"valid_from": clock.today(), "base": "other"})
    form.base.choices = [
        SelectChoice(entry.code, entry.label(_locale())) for entry in FIRST[list_].entries.values()
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
    list_ = _list(name)
    known = _known(list_, code)
    form = RenameForm(data={"zh": known.zh, "en": known.en, "valid_from": clock.today()})
    return _perform(
        list_,
        form,
        heading=_("Call it otherwise: %(word)s", word=known.label(_locale())),
        act=lambda: operations.rename_word(list_, code, actor=viewer(), **form.entered),
        said=_("The new word holds from its day; what was noted before keeps the old one."),
    )


@bp.route("/<name>/<code>/end", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def end(name: str, code: str) -> ResponseReturnValue:
    """Offer a word until a day and no longer."""
    list_ = _list(name)
    form = EndForm(data={"last_on": clock.today()})
    return _perform(
        list_,
        form,
        heading=_("No longer offer: %(word)s", word=_known(list_, code).label(_locale())),
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
    if form.validate_on_submit():
        try:
            with transaction():
                term = act()
        except PlacementError as error:
            form.form_errors.append(refusal(error))
        else:
            say_done(said, undo=url_for("vocabulary.take_back", term_id=term.id))
            return redirect(back)
    page = render_template(
        "vocabulary/form.html", form=form, heading=heading, back=back, list_=list_, lists=LISTS
    )
    return page, 422 if form.is_submitted() else 200


def _list(name: str) -> WordList:
    if name not in set(WordList):
        raise NotVisibleError("There is no such list.")
    return WordList(name)


def _known(list_: WordList, code: str) -> Word:
    words = [word for word in history_of(list_) if word.code == code]
    if not words:
        raise NotVisibleError("There is no such word.")
    return words[-1]


def _locale() -> str:
    return str(get_locale() or "en")
