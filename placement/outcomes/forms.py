"""What may be typed about an outcome."""

from contextlib import closing

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from placement.web import OnceForm, PlacementForm


class OutcomeForm(OnceForm):
    """Where a student is from a day on."""

    code = SelectField(_("Outcome"), [InputRequired(_("Choose where the student is."))], choices=[])
    effective_on = DateField(_("From which day"), [InputRequired()])
    employer = StringField(_("Employer or school"), [Optional(), Length(max=200)])
    employer_code = StringField(
        _("Unified social credit code"), [Optional(), Length(min=18, max=18)]
    )
    position = StringField(_("Position"), [Optional(), Length(max=100)])
    monthly_pay = IntegerField(
        _("Pay, yuan a month"), [Optional(), NumberRange(min=1, max=1_000_000)]
    )


class DecisionForm(PlacementForm):
    """The version that was looked at."""

    version = HiddenField(validators=[InputRequired()])


class VerifyForm(DecisionForm):
    """A confirmation, with what was seen where a paper is not kept here."""

    seen = StringField(_("What you have seen instead"), [Optional(), Length(max=300)])


class MinimumWageForm(PlacementForm):
    """The minimum wage of a place from a day on."""

    division = StringField(_("Place (division code)"), [InputRequired(), Length(min=2, max=6)])
    monthly = IntegerField(_("Yuan a month"), [InputRequired(), NumberRange(min=1, max=100_000)])
    holds_from = DateField(_("From which day"), [InputRequired()])
    source = StringField(_("Where it is written"), [InputRequired(), Length(max=200)])


class ReasonForm(DecisionForm):
    """A decision with its reason."""

    reason = TextAreaField(_("Reason"), [InputRequired(), Length(min=5, max=500)])


class DisputeForm(PlacementForm):
    """What is wrong about an outcome."""

    reason = TextAreaField(_("What is wrong?"), [InputRequired(), Length(min=2, max=1000)])


class SettlementForm(PlacementForm):
    """What was found about a dispute."""

    settlement = TextAreaField(_("What was found"), [InputRequired(), Length(min=5, max=500)])


class EvidenceForm(PlacementForm):
    """A paper that supports an outcome."""

    kind = SelectField(_("Which paper"), choices=[])
    photo = FileField(_("Take a photograph"))
    file = FileField(_("Photograph or PDF"))

    @property
    def chosen(self) -> FileStorage | None:
        """What was sent: the photograph just taken, else the file."""
        sent: FileStorage | None = self.photo.data or self.file.data
        return sent

    def read(self) -> bytes:
        """The content of what was sent; what the server put aside of it is closed."""
        if self.chosen is None:
            return b""
        with closing(self.chosen) as sent:
            return sent.read()

    def validate_file(self, field: FileField) -> None:
        """One of both."""
        if self.chosen is None:
            raise ValidationError(str(_("Choose a file.")))
