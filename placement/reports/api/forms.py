"""What may be typed about tokens."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from placement.reports.api.operations import LONGEST_DAYS
from placement.reports.models import TokenScope
from placement.web import PlacementForm

SCOPES = {
    TokenScope.PUBLISHED: _("published figures"),
    TokenScope.OWN: _("published figures and those I may see myself"),
}


class TokenForm(PlacementForm):
    """What a token is for, what it opens, and for how long."""

    name = StringField(_("What it is for"), [InputRequired(), Length(max=80)])
    scope = RadioField(
        _("It opens"),
        [InputRequired()],
        choices=[SelectChoice(scope.value, words) for scope, words in SCOPES.items()],
        default=TokenScope.PUBLISHED.value,
    )
    days = IntegerField(
        _("Days until it expires"), [InputRequired(), NumberRange(1, LONGEST_DAYS)], default=90
    )
    small_counts = BooleanField(_("Live figures too, with small counts"))
