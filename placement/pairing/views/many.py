"""Pairing many at once: one helper for several students, or a list of pairs."""

import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from placement import clock
from placement.accounts.access import requires, viewer
from placement.db import db, transaction
from placement.errors import PlacementError
from placement.pairing import operations
from placement.pairing.forms import PairManyForm
from placement.pairing.models import Pairing
from placement.pairing.operations.many import Pairs
from placement.pairing.queries import mailed_since
from placement.pairing.views.blueprint import HELPERS, bp
from placement.pairing.views.pairs import HALF_A_YEAR, mail_new_link
from placement.pairing.words import helper_word, refusal_word
from placement.students.operations.reading import record_listing
from placement.web import say_done
from placement.web.news import sentences


@bp.route("/helpers/many", methods=["GET", "POST"])
@requires(*HELPERS)
def pair_many() -> ResponseReturnValue:
    """Enter helper and students, look at who is paired with whom, then do it."""
    today = clock.today()
    form = PairManyForm(data={"starts_on": today, "ends_on": today + HALF_A_YEAR})
    pairs = None
    if form.validate_on_submit():
        try:
            pairs = operations.preview_pairs(form.wanted, actor=viewer())
            if request.form.get("act") == "do":
                return _done(form, pairs)
            form.digest.data = pairs.digest
            ids = [case.student_id for case, _helper in pairs.found]
            with transaction():
                record_listing(ids, actor=viewer(), page="helpers")
        except PlacementError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        "pairing/many.html",
        form=form,
        pairs=pairs,
        helper_word=helper_word,
        refusal_word=refusal_word,
    )
    return page, 422 if form.errors else 200


@bp.post("/helpers/many/<uuid:batch_id>/undo")
@requires(*HELPERS)
def undo_many(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Take all the pairs of one act back."""
    with transaction():
        count = operations.undo_many(batch_id, actor=viewer(), reason=_("Paired by mistake."))
    say_done(ngettext("%(num)d pair is taken back.", "%(num)d pairs are taken back.", count))
    return redirect(url_for("pairing.list_pairings"))


def _done(form: PairManyForm, pairs: Pairs) -> ResponseReturnValue:
    batch_id = form.submission
    with transaction():
        made = operations.pair_many(
            pairs, actor=viewer(), digest=str(form.digest.data), batch_id=batch_id
        )
        db.session.flush()
        mailed = _mail_links(made) if form.mail.data else 0
    said = ngettext("%(num)d pair is made.", "%(num)d pairs are made.", len(made))
    sent = ngettext("%(num)d link is on its way.", "%(num)d links are on their way.", mailed)
    say_done(
        sentences(said, sent if mailed else ""),
        undo=url_for("pairing.undo_many", batch_id=batch_id),
    )
    return redirect(url_for("pairing.list_pairings"))


def _mail_links(made: list[Pairing]) -> int:
    """Mail each helper whose address is known one link to all their students; how many.

    Who was mailed one since they were paired is not mailed a second one.
    """
    helpers = {pairing.helper_key: pairing for pairing in made if pairing.email}
    mailed = mailed_since(made)
    waiting = [pairing for key, pairing in helpers.items() if key not in mailed]
    for pairing in waiting:
        mail_new_link(pairing)
    return len(waiting)
