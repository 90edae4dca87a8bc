"""Announcing a fair: the audience with its head count, then the sending."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import SelectChoice

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.accounts.queries import visible_universities
from placement.config import Settings
from placement.db import db, transaction
from placement.errors import InvalidValueError, PlacementError
from placement.fairs import operations
from placement.fairs.audience import Audience
from placement.fairs.forms import AudienceForm
from placement.fairs.models import Fair
from placement.fairs.views.blueprint import HOSTS, bp, visible_fair
from placement.notices.channels import is_offered
from placement.notices.models import Channel
from placement.notices.operations.announcement import AlreadyAnnouncedError, Announced
from placement.reference import categories, destinations, levels
from placement.students.models import Category
from placement.web import refusal, refusal_parts

_CHANNELS = (Channel.INBOX, Channel.MAIL, Channel.SMS)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _form() -> AudienceForm:
    """The form with its choices; filled from the address when it only counts."""
    given = request.form if request.method == "POST" else request.args
    form = AudienceForm(given if given else None)
    locale = str(get_locale())
    form.categories.choices = _choices({code: categories.name(code, locale) for code in Category})
    form.levels.choices = _choices({code: levels.name(code, locale) for code in levels.codes})
    form.parts.choices = _choices(
        {code: destinations.part_name(code, locale) for code in destinations.PARTS}
    )
    form.universities.choices = []
    if viewer().role is Role.PROVINCE:
        rows = db.session.execute(visible_universities(viewer())).scalars()
        form.universities.choices = [SelectChoice(row.id, row.name) for row in rows]
    words = {Channel.INBOX: _("Inbox"), Channel.MAIL: _("E-mail"), Channel.SMS: _("SMS")}
    offered = [channel for channel in _CHANNELS if is_offered(channel, _settings())]
    form.channels.choices = [SelectChoice(channel.value, words[channel]) for channel in offered]
    if not given:
        form.channels.data = [channel.value for channel in offered if channel is not Channel.SMS]
    return form


def _choices(names: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(str(code), name) for code, name in names.items()]


def _audience(form: AudienceForm) -> Audience:
    return Audience(
        categories=tuple(Category(code) for code in form.categories.data or ()),
        university_ids=tuple(form.universities.data or ()),
        levels=tuple(form.levels.data or ()),
        parts=tuple(form.parts.data or ()),
    )


@bp.route("/<int:fair_id>/announce", methods=["GET", "POST"])
@requires(*HOSTS)
def announce_fair(fair_id: int) -> ResponseReturnValue:
    """Show how many the choice reaches; send when the head count shown still holds."""
    fair = visible_fair(fair_id)
    form = _form()
    counted = _counted(fair, form)
    if form.validate_on_submit() and counted is not None:
        try:
            return _send(fair, form, counted)
        except AlreadyAnnouncedError as error:
            form.again.errors = [refusal_parts(error)[0]]
        except PlacementError as error:
            form.form_errors.append(refusal(error))
    status = 422 if form.is_submitted() else 200
    return (
        render_template("fairs/announce.html", fair=fair, form=form, counted=counted),
        status,
    )


def _counted(fair: Fair, form: AudienceForm) -> Announced | None:
    channels = [Channel(code) for code in form.channels.data or ()]
    try:
        return operations.preview_announcement(
            fair, _audience(form), channels=channels, actor=viewer(), settings=_settings()
        )
    except (PlacementError, ValueError) as error:
        if isinstance(error, PlacementError):
            form.form_errors.append(refusal(error))
        return None


def _send(fair: Fair, form: AudienceForm, counted: Announced) -> ResponseReturnValue:
    if str(form.head_count.data) != str(counted.audience):
        raise InvalidValueError(
            "The audience has changed since it was shown.", remedy="Look at the new head count."
        )
    with transaction():
        sent = operations.announce_fair(
            fair,
            _audience(form),
            channels=[Channel(code) for code in form.channels.data or ()],
            actor=viewer(),
            settings=_settings(),
            again=bool(form.again.data),
        )
    flash(_("The notice is on its way."), "success")
    return redirect(url_for("notices.show_notice", notice_id=sent.notice_id))
