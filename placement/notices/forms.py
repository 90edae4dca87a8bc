"""Forms of notices."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from placement.notices.digests import Rhythm
from placement.notices.models import Channel
from placement.notices.operations.steering import Resolution
from placement.notices.topics import Topic
from placement.web import PlacementForm


def _ways(label: object) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=[
            SelectChoice(Channel.MAIL.value, _l("Mail")),
            SelectChoice(Channel.SMS.value, _l("SMS")),
        ],
        coerce=str,
    )


class ResolveForm(PlacementForm):
    """What to do about messages of which we do not know whether they arrived."""

    resolution = RadioField(
        _l("What do you decide?"),
        [InputRequired()],
        choices=[
            SelectChoice(Resolution.ARRIVED.value, _l("They arrived")),
            SelectChoice(Resolution.SEND_AGAIN.value, _l("Send them once more")),
            SelectChoice(Resolution.LEAVE.value, _l("Leave it")),
        ],
        coerce=str,
    )


class PreferencesForm(PlacementForm):
    """How often a student wants to be written to, and of what by which ways."""

    rhythm = RadioField(
        _l("How often may we write to you?"),
        [InputRequired()],
        choices=[
            SelectChoice(Rhythm.AT_ONCE.value, _l("At once")),
            SelectChoice(Rhythm.DAILY.value, _l("One mail a day")),
            SelectChoice(Rhythm.WEEKLY.value, _l("One mail a week")),
        ],
        coerce=str,
    )
    fairs = _ways(_l("Job fairs"))
    jobs = _ways(_l("New jobs for me"))
    talks = _ways(_l("The day before my counselor gets in touch"))
    outcome = _ways(_l("When something is recorded about me"))
    papers = _ways(_l("When a paper of mine expires"))

    def field_of(self, topic: Topic) -> SelectMultipleField:
        """The field of a topic."""
        field: SelectMultipleField = self[topic.value]
        return field
