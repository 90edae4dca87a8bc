"""What may be typed about a student."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from placement.web import PlacementForm


class RevealForm(PlacementForm):
    """Why a hidden value is wanted."""

    reason = StringField(_("Why do you need to see it?"), [InputRequired(), Length(min=4, max=200)])
