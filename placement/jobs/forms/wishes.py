"""What a student wants of a job, on a phone or with the counselor."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional

from placement.jobs import words
from placement.jobs.forms.texts import (
    MOST_PAY,
    accommodation_choices,
    industry_choices,
    is_occupation,
    occupation_choices,
)
from placement.jobs.models import Wish
from placement.jobs.occupations import suggest_for_words
from placement.jobs.operations import WishPlan
from placement.reference import divisions
from placement.web import PlacementForm

DISTANCES = (20, 50, 100, 150, 200, 300)
MOST_OCCUPATIONS = 6
PLACES = ("place_first", "place_second", "place_third")


class WishForm(PlacementForm):
    """Where, what, for how much; nothing has to be filled in."""

    place_first = SelectField(_("Where I like to work best"), choices=[])
    place_second = SelectField(_("Second"), choices=[])
    place_third = SelectField(_("Third"), choices=[])
    anywhere = BooleanField(_("Anywhere is fine"))
    distance_km = SelectField(_("How far from home at most"), choices=[])
    salary = IntegerField(
        _("Pay from, yuan a month"), [Optional(), NumberRange(min=0, max=MOST_PAY)]
    )
    wanted_work = StringField(_("Which work I look for"), [Optional(), Length(max=100)])
    occupations = SelectMultipleField(_("These occupations"), choices=[], validate_choice=False)
    industry_first = SelectField(_("In which industry"), choices=[])
    industry_second = SelectField(_("Or in this one"), choices=[])
    skills = TextAreaField(_("What I can do"), [Optional(), Length(max=2000)])
    needs = SelectMultipleField(_("Without this I cannot work"), choices=[])
    version = HiddenField()

    @classmethod
    def for_wish(cls, wish: Wish | None) -> "WishForm":
        """The form with what was said so far."""
        stored = Wish(places=[], occupations=[], industries=[], needs=[]) if wish is None else wish
        form = cls(data={"version": 0} if wish is None else wish_data(wish))
        places = place_choices(stored.places)
        for name in PLACES:
            form[name].choices = places
        form.distance_km.choices = _distances(stored.distance_km)
        industries = industry_choices(gettext("any"))
        stored_industries = [
            SelectChoice(code, words.industry(code)) for code in stored.industries if len(code) > 1
        ]
        form.industry_first.choices = [*industries, *stored_industries]
        form.industry_second.choices = [*industries, *stored_industries]
        form.needs.choices = accommodation_choices(stored.needs)
        chosen = [code for code in form.occupations.data or [] if is_occupation(code)]
        form.found = suggest_for_words(form.wanted_work.data or "")
        form.occupations.choices = occupation_choices([*stored.occupations, *chosen, *form.found])
        return form

    found: list[str] = []
    """The occupations that the words typed may mean."""

    def validate_wanted_work(self, field: Field) -> None:
        """Words must lead somewhere, or they would be lost silently."""
        if field.data and not self.found:
            raise ValidationError(
                gettext("No occupation was found by these words. Try others, such as 会计 or 护士.")
            )

    def validate_occupations(self, field: Field) -> None:
        """A person confirms what the words mean."""
        chosen = set(field.data or ())
        if not all(is_occupation(code) for code in chosen):
            raise ValidationError(gettext("This occupation is not known."))
        if len(chosen) > MOST_OCCUPATIONS:
            raise ValidationError(gettext("Choose six at most."))
        if self.found and not chosen.intersection(self.found):
            raise ValidationError(
                gettext("Tick which of these you mean, or empty the words above.")
            )

    @property
    def shown_version(self) -> int:
        """The version of the wishes when the form was shown; 0 where nothing was said yet."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 12 else -1

    @property
    def plan(self) -> WishPlan:
        """What was typed, as the operations take it."""
        places = [self[name].data for name in PLACES]
        industries = [self.industry_first.data, self.industry_second.data]
        return WishPlan(
            places=tuple(dict.fromkeys(place for place in places if place)),
            anywhere=bool(self.anywhere.data),
            salary=self.salary.data or None,
            occupations=tuple(dict.fromkeys(self.occupations.data or ())),
            industries=tuple(dict.fromkeys(code for code in industries if code)),
            distance_km=int(self.distance_km.data) if self.distance_km.data else None,
            skills=str(self.skills.data or "").strip(),
            needs=tuple(self.needs.data or ()),
        )


def place_choices(stored: list[str]) -> list[SelectChoice]:
    """The cities of the home province, the other provinces as wholes, and what is stored."""
    home = divisions.FUJIAN
    standing = [d for d in divisions.all_divisions().values() if d.last_year is None]
    cities = [d.code for d in standing if d.level == "prefecture" and d.code[:2] == home[:2]]
    provinces = [d.code for d in standing if d.level == "province" and d.code != home]
    codes = dict.fromkeys([*stored, *cities, home, *provinces])
    return [
        SelectChoice("", gettext("not said")),
        *(SelectChoice(code, words.place(code)) for code in codes),
    ]


def _distances(stored: int | None) -> list[SelectChoice]:
    numbers = sorted({*DISTANCES, *([] if stored is None else [stored])})
    return [
        SelectChoice("", gettext("not said")),
        *(SelectChoice(str(km), gettext("%(km)s km", km=km)) for km in numbers),
    ]


def wish_data(wish: Wish) -> dict[str, Any]:
    """What the form of wishes is filled with."""
    places = [*wish.places, "", "", ""]
    industries = [*wish.industries, "", ""]
    return {
        **dict(zip(PLACES, places, strict=False)),
        "anywhere": wish.anywhere,
        "salary": wish.salary,
        "occupations": wish.occupations,
        "industry_first": industries[0],
        "industry_second": industries[1],
        "distance_km": "" if wish.distance_km is None else str(wish.distance_km),
        "skills": wish.skills,
        "needs": wish.needs,
        "version": wish.version,
    }
