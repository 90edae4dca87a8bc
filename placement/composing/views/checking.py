"""A draft as it would go out: whom it reaches, what they read, and the acts on it."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.composing import operations
from placement.composing.forms import AgreeForm, TestForm, VersionForm
from placement.composing.models import DraftState, NoticeDraft
from placement.composing.operations import Shown
from placement.composing.operations.drafting import OPEN
from placement.composing.operations.releasing import objection_to_release
from placement.composing.operations.testing import TooManyTestsError
from placement.composing.queries import (
    FIXED,
    chosen_by,
    other_releasers,
    own_tests,
    reach_of_draft,
)
from placement.composing.texts import LANGUAGES, announcement_from, digest_of, texts_of
from placement.composing.views.blueprint import COMPOSERS, bp, settings, visible_draft
from placement.db import db, system_scope, transaction, use_scope
from placement.errors import PlacementError
from placement.notices.channels import is_offered
from placement.notices.models import Channel
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.hours import quiet_hours_of
from placement.notices.queries import has_confirmed_address
from placement.notices.rendering import Rendered
from placement.web import refusal, say_done

_Act = Callable[[NoticeDraft, AgreeForm], DraftState]


@bp.get("/notices/drafts/<int:draft_id>")
@requires(*COMPOSERS)
def show_draft(draft_id: int) -> ResponseReturnValue:
    """Show a draft as it would go out."""
    return _page(visible_draft(draft_id), AgreeForm())


@bp.post("/notices/drafts/<int:draft_id>/hand-in")
@requires(*COMPOSERS)
def hand_in(draft_id: int) -> ResponseReturnValue:
    """Agree to what was shown; it goes out, waits for its time, or for a second person."""
    return _agree(draft_id, _hand_in)


@bp.post("/notices/drafts/<int:draft_id>/release")
@requires(*COMPOSERS)
def release(draft_id: int) -> ResponseReturnValue:
    """Agree as a second person."""
    return _agree(draft_id, _release)


def _agree(draft_id: int, act: _Act) -> ResponseReturnValue:
    draft, form = visible_draft(draft_id), AgreeForm()
    if form.validate_on_submit():
        try:
            with transaction():
                state = act(draft, form)
        except PlacementError as error:
            form.refuse(error)
        else:
            return _told(draft, state)
    return _page(visible_draft(draft_id), form), 422


def _hand_in(draft: NoticeDraft, form: AgreeForm) -> DraftState:
    version = int(form.version.data) if str(form.version.data).isdigit() else 0
    return operations.hand_in(
        draft, _shown(form), actor=viewer(), version=version, settings=settings()
    )


def _release(draft: NoticeDraft, form: AgreeForm) -> DraftState:
    return operations.release(draft, _shown(form), actor=viewer(), settings=settings())


def _shown(form: AgreeForm) -> Shown:
    return Shown(int(form.head_count.data or 0), str(form.digest.data))


def _told(draft: NoticeDraft, state: DraftState) -> ResponseReturnValue:
    if state is DraftState.SENT:
        flash(_("The notice is on its way."), "success")
        return redirect(url_for("notices.show_notice", notice_id=draft.notice_id))
    if state is DraftState.WAITING:
        flash(_("Handed in. It goes out when a second person has released it."), "success")
    else:
        flash(_("It goes out at its time. Until then it can be changed or taken back."), "success")
    return redirect(url_for("composing.show_draft", draft_id=draft.id))


@bp.post("/notices/drafts/<int:draft_id>/test")
@requires(*COMPOSERS)
def send_test(draft_id: int) -> ResponseReturnValue:
    """Mail the draft to the viewer themselves, in the language whose button was pressed."""
    draft, form, status = visible_draft(draft_id), TestForm(), 422
    if form.validate_on_submit():
        try:
            with transaction():
                operations.send_test(
                    draft, str(form.language.data), actor=viewer(), settings=settings()
                )
        except PlacementError as error:
            form.refuse(error)
            status = error.status if isinstance(error, TooManyTestsError) else status
        else:
            flash(_("The test is on its way to your own address."), "success")
            return redirect(url_for("composing.show_draft", draft_id=draft_id))
    return _page(visible_draft(draft_id), form), status


@bp.post("/notices/drafts/<int:draft_id>/take-back")
@requires(*COMPOSERS)
def take_back(draft_id: int) -> ResponseReturnValue:
    """Make a draft again of what was handed in or released."""
    draft, form = visible_draft(draft_id), VersionForm()
    if not form.validate_on_submit():
        return _page(draft, AgreeForm()), 422
    with transaction():
        operations.take_back(draft, actor=viewer(), version=form.version.data or 0)
    flash(_("It is a draft again; nothing goes out."), "success")
    return redirect(url_for("composing.show_draft", draft_id=draft_id))


@bp.post("/notices/drafts/<int:draft_id>/discard")
@requires(*COMPOSERS)
def discard(draft_id: int) -> ResponseReturnValue:
    """Put a draft away; it can be taken up again."""
    draft, form = visible_draft(draft_id), VersionForm()
    if not form.validate_on_submit():
        return _page(draft, AgreeForm()), 422
    with transaction():
        operations.discard_draft(draft, actor=viewer(), version=form.version.data or 0)
    say_done(
        _("The draft is discarded."), undo=url_for("composing.restore_draft", draft_id=draft_id)
    )
    return redirect(url_for("composing.list_drafts"))


@bp.post("/notices/drafts/<int:draft_id>/restore")
@requires(*COMPOSERS)
def restore_draft(draft_id: int) -> ResponseReturnValue:
    """Take up a discarded draft again."""
    with transaction():
        operations.restore_draft(visible_draft(draft_id), actor=viewer())
    flash(_("The draft is here again."), "success")
    return redirect(url_for("composing.show_draft", draft_id=draft_id))


def _page(draft: NoticeDraft, form: AgreeForm | TestForm) -> str:
    """Everything that somebody has to see before they agree."""
    try:
        announcement = announcement_from(draft, settings())
    except PlacementError as error:
        form.refuse(error)
        return render_template("composing/check.html", draft=draft, form=form, reach=None)
    if draft.state not in FIXED:
        ids = list(db.session.execute(chosen_by(draft, viewer())).scalars())
        count, digest = len(ids), digest_of(draft, announcement, ids)
        changed = False
    else:
        count, digest = draft.head_count or 0, draft.digest or ""
        changed = digest_of(draft, announcement, draft.student_ids or []) != digest
    return render_template(
        "composing/check.html",
        draft=draft,
        form=form,
        reach=reach_of_draft(draft, viewer=viewer()),
        texts=_as_read(announcement),
        count=count,
        digest=digest,
        changed=changed,
        large=count > settings().release_size,
        limit=settings().release_size,
        others=other_releasers(draft) if count > settings().release_size else 0,
        objection=_objection(draft),
        waits_until=_waits_until(draft),
        may_test=is_offered(Channel.MAIL, settings()) and draft.state in OPEN,
        has_address=_has_address(),
        tests=own_tests(draft, viewer()),
    )


def _as_read(announcement: Announcement) -> dict[str, Rendered]:
    """The texts by language, each with a word of its own language where the name will stand."""
    read = {}
    for language in LANGUAGES:
        with force_locale(language):
            name = _("(the student's name)")
        read[language] = texts_of(announcement, name=name)[language]
    return read


def _has_address() -> bool:
    with use_scope(system_scope("own account")):
        return has_confirmed_address(viewer())


def _objection(draft: NoticeDraft) -> str:
    """Why the viewer may not release a draft that waits, in the page's language."""
    waits = draft.state is DraftState.WAITING
    objection = objection_to_release(draft, viewer()) if waits else None
    return refusal(objection) if objection else ""


def _waits_until(draft: NoticeDraft) -> dict[Channel, object]:
    """Until when a channel waits for the end of its quiet hours, at the time of sending."""
    at = draft.send_at or clock.now()
    ends = {
        channel: quiet_hours_of(channel, settings()).ends_after(at)
        for channel in map(Channel, draft.channels)
    }
    return {channel: end for channel, end in ends.items() if end is not None}
