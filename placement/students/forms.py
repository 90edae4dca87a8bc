"""What may be typed about a student."""

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from placement.web import PlacementForm


class RevealForm(PlacementForm):
    """Why a hidden value is wanted."""

    reason = StringField(_("Why do you need to see it?"), [InputRequired(), Length(min=4, max=200)])


class HandOverForm(PlacementForm):
    """Whom to offer a student to, and what they should know."""

    receiver_id = SelectField(_("Colleague"), coerce=int, choices=[])
    reason = TextAreaField(_("What your colleague should know"), [InputRequired(), Length(max=500)])


class AnswerForm(PlacementForm):
    """Why an offer is refused."""

    answer = TextAreaField(_("Why not?"), [InputRequired(), Length(max=500)])


class CoverForm(PlacementForm):
    """Who covers for whom on which days."""

    absent_id = SelectField(_("Who is away"), coerce=int, choices=[])
    cover_id = SelectField(_("Who looks after the students"), coerce=int, choices=[])
    first_on = DateField(_("First day of leave"), [InputRequired()])
    last_on = DateField(_("Last day of leave"), [InputRequired()])


class ReassignForm(PlacementForm):
    """Whose students go to whom; the digest is that of the preview."""

    giver = SelectField(_("Whose students"), coerce=int, choices=[])
    receivers = SelectMultipleField(_("Who takes them"), coerce=int, choices=[])
    reason = StringField(_("Reason"), [InputRequired(), Length(max=200)])
    digest = HiddenField()


class DefaultForm(PlacementForm):
    """Who takes those for whom nobody is named."""

    college = SelectField(_("Students of"), choices=[])
    counselor_id = SelectField(_("Counselor"), coerce=int, choices=[])
