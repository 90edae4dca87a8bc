"""What a helper's link opens, without an account: a given name, the step, what to write.

Nothing of it is kept by the browser, found by a search engine or told to another site. Opening
changes nothing but the trail, because mail scanners follow links. The link stands for the one
who has it: a POST needs no header of the browser's about where it comes from, which is withheld.
"""

from flask import Response, make_response, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import public
from placement.db import system_scope, transaction, use_scope
from placement.errors import PlacementError
from placement.pairing import operations
from placement.pairing.forms import HelpForm
from placement.pairing.models import PairingLink
from placement.pairing.operations.linking import require_living
from placement.pairing.queries import helping_of, opened_word, word_of
from placement.pairing.views.blueprint import bp
from placement.students.names import given_name
from placement.web import refusal, say_done

_BY_LINK = "help by a signed link"


@bp.get("/help/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Show a helper whom they help, what they do, and what they wrote by this link."""
    with use_scope(system_scope(_BY_LINK)):
        with transaction():
            link = operations.open_link(token)
        return _page(link, token, _form())


@bp.post("/help/<token>")
@public
def write_by_link(token: str) -> ResponseReturnValue:
    """Keep what a helper did."""
    with use_scope(system_scope(_BY_LINK)):
        with transaction():
            link = operations.open_link(token)
        form = _form()
        try:
            require_living(link)
            if form.validate_on_submit():
                with transaction():
                    word = operations.write_word(
                        link,
                        text=str(form.text.data),
                        helped_on=form.helped_on.data,
                        submission_id=form.submission,
                    )
                undo = url_for("pairing.undo_by_link", token=token, word_id=word.id)
                say_done(_("Thank you. The counselor reads it."), undo=undo)
                form = HelpForm(formdata=None, data={"helped_on": clock.today()})
        except PlacementError as error:
            form.form_errors.append(refusal(error))
        return _page(link, token, form)


@bp.post("/help/<token>/words/<int:word_id>/undo")
@public
def undo_by_link(token: str, word_id: int) -> ResponseReturnValue:
    """Take back what I wrote by this link, within half an hour."""
    with use_scope(system_scope(_BY_LINK)):
        with transaction():
            link = operations.open_link(token)
        pairing = require_living(link)
        with transaction():
            operations.take_word_back(word_of(pairing, word_id), link=link)
        say_done(_("Taken back."))
        return _page(link, token, _form())


def _form() -> HelpForm:
    return HelpForm(data={"helped_on": clock.today()})


def _page(link: PairingLink, token: str, form: HelpForm) -> Response:
    try:
        pairing = require_living(link)
    except PlacementError as error:
        page = make_response(
            render_template("pairing/link_over.html", message=refusal(error)), error.status
        )
    else:
        words = [word for word in helping_of(pairing).words if word.link_id == link.id]
        page = make_response(
            render_template(
                "pairing/by_link.html",
                pairing=pairing,
                given_name=given_name(pairing.student.name),
                words=[(word, opened_word(pairing, word)) for word in words],
                link=link,
                token=token,
                form=form,
            ),
            422 if form.errors else 200,
        )
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    page.headers["Cache-Control"] = "no-store"
    return page


def _let_links_act(state: BlueprintSetupState) -> None:
    for view in (write_by_link, undo_by_link):
        state.app.extensions["csrf"].exempt(view)


bp.record_once(_let_links_act)
