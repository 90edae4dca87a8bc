"""A posting as staff type it in."""

from typing import Any

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
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from placement.jobs import words
from placement.jobs.forms.texts import (
    MOST_PAY,
    accommodation_choices,
    industry_choices,
    is_occupation,
    occupation_choices,
    read_majors,
)
from placement.jobs.models import Posting
from placement.jobs.occupations import suggest_occupations
from placement.jobs.operations import PostingPlan
from placement.reference import categories, divisions, levels
from placement.web import OnceForm


class PostingForm(OnceForm):
    """A job of an employer, in the words of its notice."""

    title = StringField(_("Title of the job"), [InputRequired(), Length(max=120)])
    occupation = RadioField(_("Which occupation is it?"), choices=[], validate_choice=False)
    employer_name = StringField(_("Employer"), [InputRequired(), Length(max=200)])
    employer_code = StringField(_("Unified social credit code"), [Optional(), Length(max=18)])
    city = StringField(_("Place of work"), [InputRequired(), Length(max=60)])
    salary_min = IntegerField(
        _("Lowest pay, yuan a month"), [Optional(), NumberRange(min=0, max=MOST_PAY)]
    )
    salary_max = IntegerField(
        _("Highest pay, yuan a month"), [Optional(), NumberRange(min=0, max=MOST_PAY)]
    )
    openings = IntegerField(_("Openings"), [InputRequired(), NumberRange(min=1, max=100_000)])
    level = SelectField(_("Lowest level of education"), choices=[])
    majors = StringField(_("Majors"), [Optional(), Length(max=500)])
    majors_strict = BooleanField(_("Nobody of another major is taken"))
    industry = SelectField(_("Industry"), choices=[])
    deadline = DateField(_("Last day to apply"), [Optional()])
    description = TextAreaField(_("What the work is"), [Optional(), Length(max=10_000)])
    reserved_for = SelectMultipleField(_("Kept for"), choices=[])
    accommodations = SelectMultipleField(_("The place offers"), choices=[])
    version = HiddenField()

    @classmethod
    def for_posting(cls, posting: Posting | None) -> "PostingForm":
        """The form of a new posting, or of one that is there."""
        form = cls(data={"openings": 1} if posting is None else posting_data(posting))
        form.level.choices = [
            SelectChoice("", gettext("any level")),
            *(SelectChoice(code, levels.name(code, words.locale())) for code in levels.codes),
        ]
        form.industry.choices = industry_choices(gettext("not said"))
        stored = [] if posting is None else posting.accommodations
        form.accommodations.choices = accommodation_choices(stored)
        form.reserved_for.choices = [
            SelectChoice(code, words.category_names([code])) for code in categories.codes
        ]
        form.suggest([] if posting is None else [posting.occupation_code or ""])
        return form

    def suggest(self, stored: list[str]) -> None:
        """Offer the occupations that the title may mean, those stored first, and none of them."""
        found = [*stored, *suggest_occupations(self.title.data or "")]
        codes = [code for code in found if code]
        if codes:
            nothing = SelectChoice("", gettext("none of these"))
            self.occupation.choices = [*occupation_choices(codes), nothing]

    def validate_occupation(self, field: Field) -> None:
        """A person confirms the occupation; the title alone decides nothing."""
        if field.choices and field.data is None:
            raise ValidationError(gettext("Choose one, or say that none fits."))
        if field.data and not is_occupation(field.data):
            raise ValidationError(gettext("This occupation is not known."))

    def validate_city(self, field: Field) -> None:
        """The place is one of the national divisions."""
        if divisions.find(str(field.data or "")) is None:
            raise ValidationError(
                gettext(
                    "This place is not known. Write the city or county, such as 福州 or 闽侯县."
                )
            )

    def validate_employer_code(self, field: Field) -> None:
        """The code keeps its form and check digit (GB 32100)."""
        try:
            uscc.validate(str(field.data or ""))
        except BadNumberError:
            raise ValidationError(
                gettext("The code is not right: 18 characters, as on the licence.")
            ) from None

    @property
    def shown_version(self) -> int:
        """The version of the posting when the form was shown; 0 fits none."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 12 else 0

    @property
    def plan(self) -> PostingPlan:
        """What was typed, as the operations take it."""
        return PostingPlan(
            title=str(self.title.data).strip(),
            openings=int(self.openings.data or 0),
            occupation_code=self.occupation.data or None,
            city=divisions.find(str(self.city.data)),
            industry=self.industry.data or None,
            salary_min=self.salary_min.data,
            salary_max=self.salary_max.data,
            level=self.level.data or None,
            majors=read_majors(self.majors.data),
            majors_strict=bool(self.majors_strict.data),
            deadline=self.deadline.data,
            description=str(self.description.data or "").strip(),
            reserved_for=tuple(self.reserved_for.data or ()),
            accommodations=tuple(self.accommodations.data or ()),
        )


def posting_data(posting: Posting) -> dict[str, Any]:
    """What the form of a posting is filled with."""
    return {
        "title": posting.title,
        "occupation": posting.occupation_code or "",
        "employer_name": posting.employer.name,
        "employer_code": posting.employer.code or "",
        "city": divisions.full_name(posting.city) if posting.city else "",
        "salary_min": posting.salary_min,
        "salary_max": posting.salary_max,
        "openings": posting.openings,
        "level": posting.level or "",
        "majors": "；".join(posting.majors),
        "majors_strict": posting.majors_strict,
        "industry": (posting.industry or "")[:1],
        "deadline": posting.deadline,
        "description": posting.description,
        "reserved_for": posting.reserved_for,
        "accommodations": posting.accommodations,
        "version": posting.version,
    }
