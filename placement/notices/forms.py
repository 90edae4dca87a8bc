"""Forms of notices."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from placement.notices.models import Channel
from placement.notices.operations.steering import Resolution
from placement.web import PlacementForm


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
    """By which ways a student wants to hear of job fairs."""

    channels = SelectMultipleField(
        _l("Tell me about job fairs by"),
        choices=[
            SelectChoice(Channel.MAIL.value, _l("Mail")),
            SelectChoice(Channel.SMS.value, _l("SMS")),
        ],
        coerce=str,
    )
