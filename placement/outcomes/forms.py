"""What may be typed about an outcome."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

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


class DecisionForm(PlacementForm):
    """The version that was looked at."""

    version = HiddenField(validators=[InputRequired()])


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

    file = FileField(_("Photograph or PDF"), [FileRequired(_("Choose a file."))])
