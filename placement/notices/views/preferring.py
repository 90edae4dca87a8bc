"""What a student wants to hear of, by which ways, and how often."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.notices.channels import is_offered
from placement.notices.digests import HOUR, Rhythm
from placement.notices.forms import PreferencesForm
from placement.notices.models import Channel
from placement.notices.operations.preferring import (
    choose_rhythm,
    choose_topics,
    rhythm_of,
    unwanted_channels,
)
from placement.notices.rendering import has_sms
from placement.notices.topics import KINDS_OF, Topic
from placement.notices.views.blueprint import bp
from placement.web import say_done


@bp.get("/inbox/preferences")
@requires(Role.STUDENT)
def show_preferences() -> ResponseReturnValue:
    """Show how a student may be written to."""
    student_id = viewer().student_id or 0
    unwanted = unwanted_channels(student_id)
    chosen = {
        topic.value: [way.value for way in ways if way not in unwanted[topic]]
        for topic, ways in _offered().items()
    }
    return _page(PreferencesForm(rhythm=rhythm_of(student_id).value, **chosen))


@bp.post("/inbox/preferences")
@requires(Role.STUDENT)
def choose_ways() -> ResponseReturnValue:
    """Set it."""
    form = PreferencesForm()
    if not form.validate_on_submit():
        return _page(form), 422
    wanted = {
        topic: {Channel(value) for value in form.field_of(topic).data or ()} for topic in Topic
    }
    with transaction():
        choose_topics(viewer(), wanted, offered=_offered())
        choose_rhythm(viewer(), Rhythm(form.rhythm.data))
    say_done(_("Saved. Messages are always here in your inbox, whatever you choose."))
    return redirect(url_for("notices.inbox"))


def _offered() -> dict[Topic, list[Channel]]:
    """The channels beside the inbox that this installation has, by topic."""
    settings = current_app.config["SETTINGS"]
    ways = [way for way in (Channel.MAIL, Channel.SMS) if is_offered(way, settings)]
    return {
        topic: [way for way in ways if way is Channel.MAIL or any(map(has_sms, KINDS_OF[topic]))]
        for topic in Topic
    }


def _page(form: PreferencesForm) -> str:
    offered = _offered()
    for topic, ways in offered.items():
        field = form.field_of(topic)
        field.choices = [choice for choice in field.choices or () if choice.value in set(ways)]
    return render_template(
        "notices/preferences.html",
        form=form,
        topics=[topic.value for topic, ways in offered.items() if ways],
        hour=HOUR,
    )
