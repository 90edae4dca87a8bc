"""What may be typed about paired help."""

import datetime as dt
from dataclasses import replace

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from placement.cases.forms import VersionedForm
from placement.notices.neutral import is_neutral
from placement.pairing.models import HelperKind
from placement.pairing.operations.many import Wanted
from placement.pairing.operations.pairing import LONGEST, Helper
from placement.pairing.pasted import MOST_ROWS, read_pairs
from placement.pairing.words import helper_word
from placement.web import OnceForm, PlacementForm
from placement.web.pasted import PastedError


class HelperForm(PlacementForm):
    """Who helps and how."""

    kind = RadioField(
        _("Who helps"),
        choices=[SelectChoice(kind.value, helper_word(kind)) for kind in HelperKind],
        coerce=HelperKind,
        default=HelperKind.TEACHER,
    )
    name = StringField(_("Name of the helper"), [InputRequired(), Length(min=2, max=100)])
    organisation = StringField(_("Unit or institution"), [Optional(), Length(max=200)])
    email = EmailField(
        _("E-mail of the helper"),
        [
            Optional(),
            Length(max=200),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_("This is no e-mail address.")),
        ],
    )
    phone = StringField(_("Phone of the helper"), [Optional(), Length(max=40)])
    plan = TextAreaField(
        _("What the helper does"),
        [InputRequired(), Length(min=2, max=500)],
        description=_(
            "The helper and the student read this. Do not say why the student is helped."
        ),
    )
    starts_on = DateField(_("From"), [InputRequired()])
    ends_on = DateField(_("Until"), [InputRequired()])

    def validate_plan(self, field: TextAreaField) -> None:
        """No category is in it."""
        if not is_neutral(field.data or ""):
            raise ValidationError(
                str(_("The helper reads this: it must not say why the student is helped."))
            )

    def validate_ends_on(self, field: DateField) -> None:
        """Not before the start, and not for ever."""
        first: dt.date | None = self.starts_on.data
        if first and field.data and not first <= field.data <= first + LONGEST:
            raise ValidationError(
                str(_("The end lies before the start or more than two years after it."))
            )

    @property
    def helper(self) -> Helper:
        """Who was entered."""
        return Helper(
            kind=self.kind.data,
            name=self.name.data or "",
            organisation=self.organisation.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            plan=self.plan.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
        )


class HelperEditForm(HelperForm, VersionedForm):
    """The same, changed."""


class PairManyForm(OnceForm, HelperForm):
    """A table of pairs, and the helper and plan of the lines that name none."""

    rows = TextAreaField(_("Students"), [InputRequired(), Length(max=1000 * MOST_ROWS)])
    name = StringField(_("Name of the helper"), [Optional(), Length(min=2, max=100)])
    plan = TextAreaField(
        _("What the helper does"),
        [Optional(), Length(min=2, max=500)],
        description=_(
            "The helper and the student read this. Do not say why the student is helped."
        ),
    )
    mail = BooleanField(
        _("Send the helpers their links at once"),
        description=_(
            "Only to those whose e-mail stands there; one mail for each helper with a link to all"
            " their students."
        ),
    )
    digest = HiddenField()

    def validate_rows(self, field: TextAreaField) -> None:
        """Refuse a table with a line that cannot be read, and say which."""
        try:
            self.lines = read_pairs(field.data or "")
        except PastedError as error:
            words = gettext(error.message)
            line = gettext("Line %(line)d: %(words)s", line=error.line, words=words)
            raise ValidationError(line if error.line else words) from error

    @property
    def wanted(self) -> list[Wanted]:
        """The pairs that were entered, each with what its line leaves out."""
        same = self.helper
        return [
            Wanted(
                line.line,
                line.student_number,
                replace(
                    same,
                    kind=line.kind or same.kind,
                    name=line.name or same.name,
                    organisation=line.organisation or ("" if line.name else same.organisation),
                    email=line.email or ("" if line.name else same.email),
                    phone=line.phone or ("" if line.name else same.phone),
                    plan=line.plan or same.plan,
                ),
            )
            for line in self.lines
        ]


class EndForm(VersionedForm):
    """Why paired help ends."""

    reason = TextAreaField(_("Why it ends"), [InputRequired(), Length(min=2, max=500)])


class HelpForm(OnceForm):
    """What a helper did."""

    text = TextAreaField(
        _("What was done"),
        [InputRequired(), Length(min=2, max=2000)],
        description=_("In your own words: what you did together, what came of it."),
    )
    helped_on = DateField(_("On which day"), [InputRequired()])


class ObjectionForm(PlacementForm):
    """What a student has against a helper."""

    reason = TextAreaField(
        _("What would you like otherwise?"), [InputRequired(), Length(min=2, max=500)]
    )


class AgreementForm(PlacementForm):
    """What was agreed about an objection."""

    answer = TextAreaField(
        _("What was agreed with the student"), [InputRequired(), Length(min=2, max=500)]
    )
