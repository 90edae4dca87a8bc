"""The choices of the form, in the page's language."""

from flask import request
from flask_babel import get_locale
from wtforms import SelectChoice

from placement.accounts.models import Role
from placement.accounts.queries import visible_universities
from placement.accounts.viewer import Viewer
from placement.composing.forms import ComposeForm
from placement.config import Settings
from placement.db import db
from placement.notices.channels import is_offered
from placement.notices.models import Channel
from placement.notices.words import channel_word
from placement.reference import categories, destinations, levels
from placement.students.models import Category

_CHANNELS = (Channel.INBOX, Channel.MAIL, Channel.SMS)


def give_choices(form: ComposeForm, viewer: Viewer, settings: Settings) -> None:
    """Fill in what may be chosen; a fresh form has the inbox and mail chosen."""
    locale = str(get_locale())
    form.categories.choices = _choices({code: categories.name(code, locale) for code in Category})
    form.levels.choices = _choices({code: levels.name(code, locale) for code in levels.codes})
    form.parts.choices = _choices(
        {code: destinations.part_name(code, locale) for code in destinations.PARTS}
    )
    form.universities.choices = []
    if viewer.role is Role.PROVINCE:
        rows = db.session.execute(visible_universities(viewer)).scalars()
        form.universities.choices = [SelectChoice(row.id, row.name) for row in rows]
    offered = [channel for channel in _CHANNELS if is_offered(channel, settings)]
    form.channels.choices = [
        SelectChoice(channel.value, channel_word(channel)) for channel in offered
    ]
    if request.method == "GET" and not form.channels.data:
        form.channels.data = [channel.value for channel in offered if channel is not Channel.SMS]


def _choices(names: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(str(code), name) for code, name in names.items()]
