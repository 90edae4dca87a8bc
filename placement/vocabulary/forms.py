"""What may be typed into the lists."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from placement.web import PlacementForm


class RenameForm(PlacementForm):
    """A word from a day on."""

    zh = StringField(_("In Chinese"), [InputRequired(), Length(max=40)])
    en = StringField(_("In English"), [Optional(), Length(max=60)])
    valid_from = DateField(_("Holds from"), [InputRequired()])


class AddForm(RenameForm):
    """A new word, with the kind of the first list that it counts as."""

    base = SelectField(
        _("Counts as"),
        choices=[],
        description=_("Standards and figures go on counting by the kinds of the first list."),
    )


class EndForm(PlacementForm):
    """The last day of a word."""

    last_on = DateField(_("Offered until"), [InputRequired()])
