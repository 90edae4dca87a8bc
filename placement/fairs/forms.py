"""What may be typed about a fair, its stands and schedule, and at its door."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as BadNumberError
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from placement.fairs.models import ItemKind, ResultKind
from placement.fairs.operations.reminding import LONGEST_DAYS
from placement.fairs.pasted import MOST_ROWS, read_stands
from placement.fairs.words import select_choices
from placement.web import PlacementForm
from placement.web.pasted import PastedError


class VersionedForm(PlacementForm):
    """A form that knows which state of its row it was shown with."""

    version = HiddenField()

    @property
    def shown_version(self) -> int:
        """The version of the row when the form was shown; 0 fits none."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 12 else 0


class FairForm(VersionedForm):
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
    address = StringField(_("Address"), [Optional(), Length(max=200)])
    directions = TextAreaField(_("How to get there"), [Optional(), Length(max=1000)])
    contact = StringField(_("Whom to ask"), [Optional(), Length(max=200)])
    description = TextAreaField(_("Description"), [Optional(), Length(max=2000)])
    is_draft = BooleanField(_("Keep it as a draft: only staff see it"))


class CancelForm(PlacementForm):
    """Why a fair does not take place, for those who signed up."""

    reason = StringField(_("Why, in a few words"), [Optional(), Length(max=200)])


class StandForm(VersionedForm):
    """A stand at a fair."""

    number = StringField(_("Stand"), [InputRequired(), Length(max=20)])
    employer_id = HiddenField()
    employer_name = StringField(_("Employer"), [InputRequired(), Length(max=200)])
    employer_code = StringField(_("Unified social credit code"), [Optional(), Length(max=18)])
    offers = StringField(_("Offers"), [Optional(), Length(max=300)])
    openings = IntegerField(_("Openings"), [Optional(), NumberRange(min=1, max=100_000)])
    postings = SelectMultipleField(_("Postings that they bring"), coerce=int, choices=[])

    def validate_employer_code(self, field: Field) -> None:
        """Refuse a code whose check digit is wrong."""
        try:
            field.data = uscc.validate(field.data) if field.data else None
        except BadNumberError as error:
            raise ValidationError(
                gettext("The code is not right: 18 characters, as on the licence.")
            ) from error

    @property
    def known_employer(self) -> int | None:
        """The number of the employer who was found by search; none for a new one."""
        text = str(self.employer_id.data or "")
        return int(text) if text.isdecimal() and len(text) < 12 else None


class PastedStandsForm(PlacementForm):
    """Many stands at once, as a spreadsheet gives them to the clipboard."""

    rows = TextAreaField(_("Rows of the table"), [InputRequired(), Length(max=200 * MOST_ROWS)])

    def validate_rows(self, field: Field) -> None:
        """Refuse a table with a line that cannot be read, and say which."""
        try:
            self.plans = read_stands(field.data or "")
        except PastedError as error:
            words = gettext(error.message)
            line = gettext("Line %(line)d: %(words)s", line=error.line, words=words)
            raise ValidationError(line if error.line else words) from error


class ItemForm(VersionedForm):
    """Something on the schedule of a fair."""

    kind = RadioField(
        _("What is it?"), choices=select_choices(ItemKind), coerce=ItemKind, default=ItemKind.TALK
    )
    title = StringField(_("Title"), [InputRequired(), Length(max=120)])
    starts_at = TimeField(_("Begins at"), [InputRequired()])
    ends_at = TimeField(_("Ends at"), [Optional()])
    place = StringField(_("Where at the fair"), [Optional(), Length(max=120)])


class CodeForm(PlacementForm):
    """The code of a ticket, typed at the door."""

    code = StringField(_("Code of the ticket"), [InputRequired(), Length(max=20)])


class ResultForm(PlacementForm):
    """What came of a fair at one stand."""

    stand = SelectField(_("Stand"), coerce=int, choices=[])
    kind = RadioField(
        _("What came of it"),
        [InputRequired()],
        choices=select_choices(reversed(ResultKind)),
        coerce=ResultKind,
    )
    next_on = DateField(_("Day on which it goes on"), [Optional()])
    note = TextAreaField(_("Note"), [Optional(), Length(max=500)])


class StaffResultForm(ResultForm):
    """The same with what the counselor does next."""

    next_step = StringField(_("Next step"), [Optional(), Length(max=500)])
    step_on = DateField(_("Next contact"), [Optional()])


class ReminderForm(PlacementForm):
    """After how many days those who have not answered are reminded."""

    after_days = IntegerField(
        _("Remind after how many days"), [Optional(), NumberRange(min=1, max=LONGEST_DAYS)]
    )
