"""Composing a notice of a fair: whom, whom not, how, what and when, with a live head count."""

import datetime as dt
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from placement.accounts.access import requires, viewer
from placement.clock import ZONE
from placement.composing import operations
from placement.composing.forms import ComposeForm
from placement.composing.models import NoticeDraft
from placement.composing.operations import (
    DraftPlan,
    NamesReasonError,
    ReminderDayError,
    SendTimeError,
)
from placement.composing.queries import Reach, earlier_texts, reach_of, visible_drafts
from placement.composing.views.blueprint import COMPOSERS, bp, settings, visible_draft
from placement.composing.views.choices import give_choices
from placement.composing.views.naming import find_named
from placement.db import transaction
from placement.errors import PlacementError
from placement.fairs.audience import Audience, Exclusions, audience_from
from placement.fairs.models import Fair
from placement.fairs.operations.standing import require_ahead
from placement.fairs.views.blueprint import visible_fair
from placement.notices.models import Channel
from placement.notices.operations.hours import quiet_hours_of
from placement.students.models import Category
from placement.web import get_or_404, refusal, wanted_fragment

COUNT_PART = "head-count"


@bp.route("/fairs/<int:fair_id>/announce", methods=["GET", "POST"])
@requires(*COMPOSERS)
def compose(fair_id: int) -> ResponseReturnValue:
    """Compose a notice of a fair; its words may come from an earlier one."""
    fair = visible_fair(fair_id)
    form = ComposeForm(data=_reused() if request.method == "GET" else None)
    give_choices(form, viewer(), settings())
    if form.is_submitted() and not _only_counts() and form.validate():
        plan = _plan(form, fair)
        draft = plan and _try(form, lambda: _create(fair, plan, form))
        if draft:
            return redirect(url_for("composing.show_draft", draft_id=draft.id))
    return _page(fair, form, None)


@bp.route("/notices/drafts/<int:draft_id>/edit", methods=["GET", "POST"])
@requires(*COMPOSERS)
def edit_draft(draft_id: int) -> ResponseReturnValue:
    """Change a draft; what was decided about it is taken back."""
    draft = visible_draft(draft_id)
    operations.require_open(draft)
    form = ComposeForm(data=_entered(draft) if request.method == "GET" else None)
    give_choices(form, viewer(), settings())
    if form.is_submitted() and not _only_counts() and form.validate():
        plan = _plan(form, draft.fair, draft)
        if plan and _try(form, lambda: _change(draft, plan, form)):
            flash(_("Changed. Look at it and hand it in."), "success")
            return redirect(url_for("composing.show_draft", draft_id=draft.id))
    return _page(draft.fair, form, draft)


def _page(fair: Fair, form: ComposeForm, draft: NoticeDraft | None) -> ResponseReturnValue:
    """The form with its head count, or that part of it alone."""
    reach, plan = None, _plan(form, fair, draft)
    if plan is not None and plan.channels:
        reach = _reach(fair, plan)
    values = {"fair": fair, "form": form, "draft": draft, "reach": reach}
    if _only_counts() and wanted_fragment() == COUNT_PART:
        return render_template("composing/_head_count.html", **values)
    wrong = form.is_submitted() and not _only_counts()
    if not form.is_submitted():
        _try(form, lambda: require_ahead(fair))
    page = render_template(
        "composing/compose.html",
        **values,
        texts=earlier_texts(viewer()),
        quiet={way: quiet_hours_of(way, settings()) for way in (Channel.MAIL, Channel.SMS)},
    )
    return page, 422 if wrong else 200


def _reach(fair: Fair, plan: DraftPlan) -> Reach:
    return reach_of(fair, plan.audience, plan.channels, viewer=viewer())


def _only_counts() -> bool:
    return request.method == "POST" and request.form.get("act") == "count"


def _create(fair: Fair, plan: DraftPlan, form: ComposeForm) -> NoticeDraft:
    with transaction():
        return operations.create_draft(fair, plan, actor=viewer(), submission_id=form.submission)


def _change(draft: NoticeDraft, plan: DraftPlan, form: ComposeForm) -> bool:
    version = int(form.version.data) if str(form.version.data).isdigit() else 0
    with transaction():
        operations.change_draft(draft, plan, actor=viewer(), version=version)
    return True


def _try(form: ComposeForm, act: Any) -> Any:
    """Do an act; what is refused stands beside its field."""
    try:
        return act()
    except SendTimeError as error:
        form.send_at.errors = [refusal(error)]
    except ReminderDayError as error:
        form.remind_after_days.errors = [refusal(error)]
    except NamesReasonError as error:
        form.message.errors = [refusal(error)]
    except PlacementError as error:
        form.refuse(error)
    return None


def _plan(form: ComposeForm, fair: Fair, draft: NoticeDraft | None = None) -> DraftPlan | None:
    """What the form says; none where it cannot be read, with the reason beside the field."""
    known = () if draft is None else audience_from(draft.audience).without.student_ids
    named = find_named(form.named.data or "", viewer())
    if named.problems:
        _mark(form.named, *named.problems)
        return None
    kept = () if form.forget_named.data else known
    at = form.send_at.data if form.when.data == "at" else None
    if form.when.data == "at" and at is None:
        _mark(form.send_at, _("Choose a day and a time."))
        return None
    try:
        audience = _audience(form, (*kept, *named.ids))
        channels = [Channel(code) for code in form.channels.data or ()]
    except ValueError:
        return None
    return DraftPlan(
        audience=audience,
        channels=channels,
        message=form.message.data or "",
        message_en=form.message_en.data or "",
        send_at=None if at is None else at.replace(tzinfo=ZONE),
        remind_after_days=form.remind_after_days.data,
        again=bool(form.again.data),
    )


def _mark(field: Field, *problems: str) -> None:
    """Put problems beside a field, each once."""
    field.errors = list(dict.fromkeys([*field.errors, *problems]))


def _audience(form: ComposeForm, named: tuple[int, ...]) -> Audience:
    days = form.contacted_days.data
    return Audience(
        categories=tuple(Category(code) for code in form.categories.data or ()),
        university_ids=tuple(form.universities.data or ()),
        levels=tuple(form.levels.data or ()),
        parts=tuple(form.parts.data or ()),
        without=Exclusions(
            answered=bool(form.answered.data),
            placed=bool(form.placed.data),
            opted_out=bool(form.opted_out.data),
            contacted_days=days if days and not form.contacted_days.errors else 0,
            student_ids=tuple(dict.fromkeys(named)),
        ),
    )


def _reused() -> dict[str, Any] | None:
    """The words of the earlier draft that the address names."""
    number = request.args.get("like", type=int)
    if number is None:
        return None
    earlier = get_or_404(visible_drafts(viewer()), number)
    return {"message": earlier.message, "message_en": earlier.message_en}


def _entered(draft: NoticeDraft) -> dict[str, Any]:
    """A draft as its form shows it."""
    audience = audience_from(draft.audience)
    at: dt.datetime | None = draft.send_at and draft.send_at.astimezone(ZONE)
    return {
        "categories": [category.value for category in audience.categories],
        "parts": audience.parts,
        "levels": audience.levels,
        "universities": audience.university_ids,
        "answered": audience.without.answered,
        "placed": audience.without.placed,
        "opted_out": audience.without.opted_out,
        "contacted_days": audience.without.contacted_days or None,
        "channels": draft.channels,
        "message": draft.message,
        "message_en": draft.message_en,
        "when": "at" if at else "now",
        "send_at": at,
        "remind_after_days": draft.remind_after_days,
        "again": draft.again,
        "version": draft.version,
    }
