"""What a helper's link opens, without an account: given names, the step, what to write of each.

Nothing of it is kept by the browser, found by a search engine or told to another site. Opening
changes nothing but the trail, because mail scanners follow links. The link stands for the one
who has it: a POST needs no header of the browser's about where it comes from, which is withheld.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import Response, make_response, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import public
from placement.db import system_scope, transaction, use_scope
from placement.errors import NotVisibleError, PlacementError
from placement.pairing import operations
from placement.pairing.forms import HelpForm
from placement.pairing.models import Pairing, PairingLink
from placement.pairing.operations.linking import require_living
from placement.pairing.queries import (
    last_words,
    opened_word,
    state_of,
    word_among,
    words_by_links,
)
from placement.pairing.views.blueprint import bp
from placement.students.names import given_name
from placement.web import refusal, say_done

_BY_LINK = "help by a signed link"


@bp.get("/help/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Show a helper whom they help, what they do, and what they wrote by a link."""
    with use_scope(system_scope(_BY_LINK)):
        with transaction():
            link = operations.open_link(token)
        return _page(link, token)


@bp.post("/help/<token>/<int:pairing_id>")
@public
def write_by_link(token: str, pairing_id: int) -> ResponseReturnValue:
    """Keep what a helper did for one of those whom they help."""
    with use_scope(system_scope(_BY_LINK)):
        with transaction():
            link = operations.open_link(token)
        form = _form()
        try:
            pairing = _one_of(require_living(link), pairing_id)
            if form.validate_on_submit():
                with transaction():
                    word = operations.write_word(
                        link,
                        pairing,
                        text=str(form.text.data),
                        helped_on=form.helped_on.data,
                        submission_id=form.submission,
                    )
                undo = url_for("pairing.undo_by_link", token=token, word_id=word.id)
                say_done(_("Thank you. The counselor reads it."), undo=undo)
                return _page(link, token)
        except NotVisibleError:
            raise
        except PlacementError as error:
            form.refuse(error)
        return _page(link, token, {pairing_id: form})


@bp.post("/help/<token>/words/<int:word_id>/undo")
@public
def undo_by_link(token: str, word_id: int) -> ResponseReturnValue:
    """Take back what I wrote by this link, within half an hour."""
    with use_scope(system_scope(_BY_LINK)):
        with transaction():
            link = operations.open_link(token)
        word = word_among(require_living(link), word_id)
        with transaction():
            operations.take_word_back(word, link=link)
        say_done(_("Taken back."))
        return _page(link, token)


def _one_of(opened: Sequence[Pairing], pairing_id: int) -> Pairing:
    for pairing in opened:
        if pairing.id == pairing_id:
            return pairing
    raise NotVisibleError("This link does not open that.")


def _form() -> HelpForm:
    return HelpForm(data={"helped_on": clock.today()})


def _page(
    link: PairingLink, token: str, sent: Mapping[int, HelpForm] = MappingProxyType({})
) -> Response:
    """The page of a link; `sent` is the form that was refused, by its pairing's number."""
    try:
        opened = require_living(link)
    except PlacementError as error:
        page = make_response(
            render_template("pairing/link_over.html", message=refusal(error)), error.status
        )
    else:
        page = make_response(
            render_template(
                "pairing/by_link.html",
                helped=_helped(opened, sent),
                link=link,
                token=token,
            ),
            422 if sent else 200,
        )
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    page.headers["Cache-Control"] = "no-store"
    return page


def _helped(opened: Sequence[Pairing], sent: Mapping[int, HelpForm]) -> list[dict[str, Any]]:
    """What the page says of each student, those whose monthly word is due first."""
    words, last, today = words_by_links(opened), last_words(opened), clock.today()
    helped = [
        {
            "pairing": pairing,
            "given_name": given_name(pairing.student.name),
            "due": state_of(pairing, last.get(pairing.id), today) == "silent",
            "last": last.get(pairing.id),
            "words": [(word, opened_word(pairing, word)) for word in words.get(pairing.id, ())],
            "form": _numbered(sent.get(pairing.id) or _form_anew(), pairing.id),
        }
        for pairing in opened
    ]
    return sorted(helped, key=lambda each: not each["due"])


def _form_anew() -> HelpForm:
    # Empty, also in the answer to one that was sent: for the next student, or the next word.
    return HelpForm(formdata=None, data={"helped_on": clock.today()})


def _numbered(form: HelpForm, number: int) -> HelpForm:
    """The form with ids of its own, since a page has one for each student."""
    for field in form:
        field.id = f"{field.id}-{number}"
        field.label.field_id = field.id
    return form


def _let_links_act(state: BlueprintSetupState) -> None:
    for view in (write_by_link, undo_by_link):
        state.app.extensions["csrf"].exempt(view)


bp.record_once(_let_links_act)
