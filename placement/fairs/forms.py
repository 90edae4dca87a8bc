"""What may be typed about a fair and its announcement."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from placement.web import PlacementForm


class FairForm(PlacementForm):
    """A job fair."""

    title = StringField(_("Title"), [InputRequired(), Length(max=120)])
    on = DateField(_("Day"), [InputRequired()])
    starts_at = TimeField(_("Begins at"), [Optional()])
    ends_at = TimeField(_("Ends at"), [Optional()])
    place = StringField(_("Place"), [InputRequired(), Length(max=200)])
    class_year = IntegerField(
        _("Only for the class of"), [Optional(), NumberRange(min=2000, max=2100)]
    )
    capacity = IntegerField(
        _("Room for how many students"), [Optional(), NumberRange(min=1, max=100_000)]
    )
    description = TextAreaField(_("Description"), [Optional(), Length(max=2000)])
    version = HiddenField()


class StandForm(PlacementForm):
    """A stand at a fair."""

    number = StringField(_("Stand"), [InputRequired(), Length(max=20)])
    employer_name = StringField(_("Employer"), [InputRequired(), Length(max=200)])
    offers = StringField(_("Offers"), [Optional(), Length(max=300)])
    openings = IntegerField(_("Openings"), [Optional(), NumberRange(min=1, max=100_000)])


class AudienceForm(PlacementForm):
    """Whom to invite, and by which channels."""

    categories = SelectMultipleField(_("Categories"), choices=[])
    levels = SelectMultipleField(_("Levels"), choices=[])
    parts = SelectMultipleField(_("Where they are"), choices=[])
    universities = SelectMultipleField(_("Universities"), coerce=int, choices=[])
    channels = SelectMultipleField(_("Channels"), choices=[])
    again = BooleanField(_("Send again to the same audience"))
    head_count = HiddenField()
