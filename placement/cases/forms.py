"""What may be typed into a case."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from placement.cases.models import (
    ActionState,
    BarrierState,
    Case,
    CloseReason,
    FollowUpMethod,
    FollowUpResult,
    GoalState,
    SubsidyClaim,
)
from placement.cases.words import select_choices
from placement.web import OnceForm, PlacementForm


class VersionedForm(PlacementForm):
    """A form that knows which state of its row it was shown with."""

    version = HiddenField(validators=[InputRequired()])

    @property
    def shown_version(self) -> int:
        """The version of the row when the form was shown; 0 fits none."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 12 else 0


_NO_STEP = _("This case has no next step yet. Say what happens next.")


class StepForm(PlacementForm):
    """A form after which an open case has a next step; asked for where it has none yet."""

    next_step = StringField(
        _("Next step"),
        [InputRequired(_NO_STEP), Length(max=500)],
        description=_NO_STEP,
    )

    def ask_for_step(self, case: Case) -> None:
        """Leave the question out where the case has its next step."""
        if case.next_step:
            del self.next_step

    @property
    def promised(self) -> str:
        """What was said to happen next; empty keeps what stands."""
        return "" if self.next_step is None else str(self.next_step.data or "")


class QuickForm(OnceForm, VersionedForm, StepForm):
    """One contact in three touches: the way, what came of it, done.

    What came of it proposes the next step, so that it need not be typed.
    """

    next_step = StringField(_("Next step"), [Optional(), Length(max=500)], description=_NO_STEP)
    method = RadioField(
        _("How"),
        choices=select_choices(FollowUpMethod),
        coerce=FollowUpMethod,
        default=FollowUpMethod.CALL,
    )
    came_of_it = RadioField(_("What came of it"), choices=[])
    next_contact_on = DateField(
        _("Next contact on another day"),
        [Optional()],
        description=_("Left open, it is the day that stands beside the result above."),
    )
    summary = TextAreaField(_("What was said"), [Optional(), Length(max=4000)])


class GroupTalkForm(OnceForm):
    """One note for everybody who took part in a talk."""

    people = SelectMultipleField(_("Who took part"), coerce=int, choices=[])
    contacted_on = DateField(_("Date of contact"), [InputRequired()])
    summary = TextAreaField(_("What was said"), [InputRequired(), Length(max=4000)])
    next_contact_on = DateField(_("Next contact"), [InputRequired()])
    next_step = StringField(_("Next step of those who have none"), [Optional(), Length(max=500)])

    def validate_people(self, field: SelectMultipleField) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError(str(_("Choose who took part.")))


class FollowUpForm(OnceForm, VersionedForm, StepForm):
    """One contact with a student."""

    method = RadioField(
        _("How"),
        choices=select_choices(FollowUpMethod),
        coerce=FollowUpMethod,
        default=FollowUpMethod.CALL,
    )
    result = RadioField(
        _("What came of it"),
        choices=select_choices(FollowUpResult),
        coerce=FollowUpResult,
        default=FollowUpResult.REACHED,
    )
    contacted_on = DateField(_("Date of contact"), [InputRequired()])
    summary = TextAreaField(_("What was said"), [Optional(), Length(max=4000)])
    duration_minutes = IntegerField(_("Minutes"), [Optional(), NumberRange(min=1, max=480)])
    next_contact_on = DateField(_("Next contact"), [Optional()])


class NextStepForm(VersionedForm):
    """What happens next."""

    next_step = TextAreaField(_("Next step"), [InputRequired(), Length(max=500)])
    next_contact_on = DateField(_("Next contact"), [Optional()])


class ReopenForm(NextStepForm):
    """What happens next in a case that is opened again."""

    sends = _("Open it again")


class BarrierForm(StepForm):
    """What stands in the way."""

    kind = SelectField(_("Barrier"), choices=[])
    note = TextAreaField(_("In your own words"), [Optional(), Length(max=1000)])


class BarrierEditForm(VersionedForm, StepForm):
    """Whether a barrier still stands."""

    state = RadioField(_("State"), choices=select_choices(BarrierState), coerce=BarrierState)
    note = TextAreaField(_("In your own words"), [Optional(), Length(max=1000)])


class GoalForm(StepForm):
    """What is aimed at."""

    title = StringField(_("Goal"), [InputRequired(), Length(max=200)])
    target_on = DateField(_("By"), [Optional()])
    barrier_id = SelectField(_("Answers the barrier"), coerce=int, choices=[])


class GoalEditForm(VersionedForm, StepForm):
    """Whether a goal is reached."""

    title = StringField(_("Goal"), [InputRequired(), Length(max=200)])
    target_on = DateField(_("By"), [Optional()])
    state = RadioField(_("State"), choices=select_choices(GoalState), coerce=GoalState)


class ActionForm(StepForm):
    """What is done about it."""

    kind = SelectField(_("Kind of help"), choices=[])
    title = StringField(_("Action"), [InputRequired(), Length(max=200)])
    goal_id = SelectField(_("Serves the goal"), coerce=int, choices=[])
    due_on = DateField(_("By"), [Optional()])
    by_student = BooleanField(_("The student does it"))
    done_on = DateField(_("Done on"), [Optional()])


class ActionEditForm(VersionedForm, StepForm):
    """How far an action is."""

    title = StringField(_("Action"), [InputRequired(), Length(max=200)])
    due_on = DateField(_("By"), [Optional()])
    state = RadioField(_("State"), choices=select_choices(ActionState), coerce=ActionState)


class ActionStateForm(VersionedForm):
    """How far an action is, said in one touch."""

    state = RadioField(_("State"), choices=select_choices(ActionState), coerce=ActionState)


class ExpectationForm(PlacementForm):
    """What the student hopes for."""

    places = StringField(_("Places wished for"), [Optional(), Length(max=200)])
    salary_min = IntegerField(
        _("Lowest pay, yuan a month"), [Optional(), NumberRange(min=0, max=1_000_000)]
    )
    occupation = StringField(_("Occupation"), [Optional(), Length(max=200)])
    note = StringField(_("Why"), [Optional(), Length(max=500)])


class CloseForm(VersionedForm):
    """Why a case is to be closed."""

    sends = _("Ask to close the case")

    reason = RadioField(_("Reason"), choices=select_choices(CloseReason), coerce=CloseReason)
    closed_on = DateField(_("Closed on"), [InputRequired()])
    note = TextAreaField(_("What who approves should know"), [Optional(), Length(max=500)])


class RefusalForm(PlacementForm):
    """Why a case is not closed."""

    answer = TextAreaField(_("What is still to be done"), [InputRequired(), Length(max=500)])


class ConsentForm(PlacementForm):
    """Who may get the student's file."""

    recipient = StringField(_("Who may get it"), [InputRequired(), Length(min=2, max=200)])


class QuestionForm(PlacementForm):
    """What a student asks about an action."""

    note = TextAreaField(
        _("What would you rather do, or what do you want to know?"),
        [InputRequired(), Length(min=2, max=500)],
    )


class ReplyForm(PlacementForm):
    """What the counselor answers."""

    reply = TextAreaField(_("Your reply"), [InputRequired(), Length(min=2, max=500)])


class AskApprovalForm(PlacementForm):
    """A plan that is ready."""

    sends = _("Ask for approval")
    note = TextAreaField(_("What who approves should know"), [Optional(), Length(max=500)])


class ReturnForm(VersionedForm):
    """Why a plan is sent back."""

    answer = TextAreaField(_("What is still to be done"), [InputRequired(), Length(max=500)])


class SubsidyForm(PlacementForm):
    """How far somebody is with a subsidy."""

    version = HiddenField(default="0")
    papers = SelectMultipleField(_("Papers at hand"), [Optional()], choices=[])
    applied_on = DateField(_("Applied on"), [Optional()])
    settled_on = DateField(_("Answered on"), [Optional()])
    paid = BooleanField(_("It was paid"))
    set_aside = BooleanField(_("It is not wanted"))

    @classmethod
    def for_claim(cls, claim: SubsidyClaim | None) -> "SubsidyForm":
        """The form with what was kept before."""
        return cls(obj=claim)

    @property
    def shown_version(self) -> int:
        """The version of what was kept when the form was shown; 0 where nothing was."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 12 else 0

    @property
    def steps(self) -> dict[str, Any]:
        """What was ticked."""
        return {name: value for name, value in self.entered.items() if name != "version"}
