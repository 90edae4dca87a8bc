"""What may be entered about a file that comes in, and about what a list found."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from placement.intake.models import ImportKind
from placement.web import PlacementForm

CHOICES = {
    ImportKind.STUDENTS: ("class_year", "university_id", "effective_on", "allow_id_change"),
    ImportKind.OUTCOMES: ("class_year", "university_id", "verified"),
    ImportKind.LIST: ("list_kind", "class_year", "as_of", "complete"),
    ImportKind.WISHES: ("class_year", "university_id"),
    ImportKind.POSTINGS: ("university_id",),
    ImportKind.BASELINE: ("class_year",),
    ImportKind.UNIVERSITIES: (),
}
"""What is asked beside the file, by its kind."""


class ImportForm(PlacementForm):
    """A file with the choices of its kind; `keep_to` takes away what is not asked."""

    file = FileField(_("File"), [FileRequired(_("Choose a file."))])
    list_kind = SelectField(_("Kind of list"), choices=[])
    class_year = IntegerField(_("Class year"), [InputRequired(), NumberRange(min=1978, max=2100)])
    university_id = SelectField(
        _("University"),
        choices=[],
        coerce=lambda text: int(text) if str(text).isdecimal() else None,
        validators=[Optional()],
    )
    as_of = DateField(_("Day of the list"), [Optional()])
    effective_on = DateField(_("Changes hold from"), [Optional()])
    verified = BooleanField(_("The university has verified these outcomes"))
    complete = BooleanField(_("The list is complete"))
    allow_id_change = BooleanField(_("Take corrected ID numbers"))

    def keep_to(self, names: tuple[str, ...]) -> None:
        """Ask only these choices beside the file."""
        for name in list(self._fields):
            if name not in {"file", "csrf_token", *names}:
                del self[name]


class ConfirmForm(PlacementForm):
    """The preview that was looked at, by the digest of its file."""

    sha256 = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9a-f]{64}$")])


class ConfirmMatchForm(PlacementForm):
    """Which of the students whom a row may mean is the one; by default the one it shows."""

    student_id = HiddenField(validators=[Optional(), Regexp(r"^[0-9]{1,18}$")])


class ConfirmMatchedForm(PlacementForm):
    """How many certain rows were shown when all of them were confirmed."""

    count = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9]{1,9}$")])


class RefuseMatchForm(PlacementForm):
    """Why a row of a list does not mean the student."""

    reason = TextAreaField(_("Reason"), [InputRequired(), Length(min=2, max=500)])
