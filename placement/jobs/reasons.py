"""The reasons of a recommendation in words, from the codes and values that are stored.

Pure: the caller gives the translation (a function like `gettext`) and the names of codes, so that
a page speaks the reader's language, and a stored reason can be shown in either.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from placement.reference import categories, divisions, industries, majors, occupations

NEAREST_KM = 10


class Translate(Protocol):
    """Translates an English message and fills in its variables, as Flask-Babel's gettext does."""

    def __call__(self, message: str, /, **variables: Any) -> str:
        """Give the message in the reader's language."""


class NameOf(Protocol):
    """Gives the name of a code; `kind` is division, occupation, industry, major or category."""

    def __call__(self, kind: str, code: str) -> str:
        """Give the name in the reader's language, or the code if it has none."""


Values = Mapping[str, Any]
Words = Callable[[Values, Translate, NameOf], str]


def national_names(locale: str) -> NameOf:
    """Give the names of the national tables in the language of `locale`."""

    def name_of(kind: str, code: str) -> str:
        if kind == "major":
            major = majors.get(code)
            return major.zh if major else code
        return _NAMES[kind](code, locale)

    return name_of


_NAMES: dict[str, Callable[[str, str], str]] = {
    "division": divisions.name,
    "occupation": occupations.name,
    "industry": industries.name,
    "category": categories.name,
}


def describe(statement: Mapping[str, Any], _: Translate, name: NameOf) -> str:
    """Put a reason, a caution or a reason for missing reasons into one sentence.

    `statement` is `{"code", "values"}` as the engine made it. Raises KeyError for a code that
    this version does not know.
    """
    return _WORDS[statement["code"]](statement["values"], _, name)


def _listed(items: Sequence[str], _: Translate) -> str:
    return _(", ").join(items)


def _pay(values: Values) -> str:
    return "–".join(dict.fromkeys(f"{sum_:,.0f}" for sum_ in values["pay"]))


def _major_name(values: Values, name: NameOf) -> str:
    return str(values["major"] or name("major", values["major_code"]))


def _major(values: Values, _: Translate, name: NameOf) -> str:
    return _("Fits your major (%(major)s)", major=_major_name(values, name))


def _major_field(values: Values, _: Translate, name: NameOf) -> str:
    return _("In the same field as your major (%(major)s)", major=_major_name(values, name))


def _major_occupation(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "%(occupation)s is common work for your major (%(major)s)",
        occupation=name("occupation", values["occupation"]),
        major=_major_name(values, name),
    )


def _skills(values: Values, _: Translate, name: NameOf) -> str:
    return _("Mentions skills that you named: %(skills)s", skills=_listed(values["skills"], _))


def _occupation(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "An occupation that you wish for: %(occupation)s",
        occupation=name("occupation", values["occupation"]),
    )


def _occupation_related(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "%(occupation)s is of the same kind as the %(wished)s that you wish for",
        occupation=name("occupation", values["occupation"]),
        wished=name("occupation", values["wished"]),
    )


def _city(values: Values, _: Translate, name: NameOf) -> str:
    city, place = name("division", values["city"]), name("division", values["place"])
    if city == place:
        return _("In %(city)s, where you wish to work", city=city)
    return _("In %(city)s (you wish for %(place)s)", city=city, place=place)


def _distance(values: Values, _: Translate, name: NameOf) -> str:
    if values["km"] < NEAREST_KM:
        return _("Less than %(km)s km from your home", km=NEAREST_KM)
    return _("About %(km)s km from your home", km=values["km"])


def _salary(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "%(pay)s yuan a month, which reaches the %(wish)s that you hope for",
        pay=_pay(values),
        wish=f"{values['wish']:,.0f}",
    )


def _salary_near(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "%(pay)s yuan a month, close to the %(wish)s that you hope for",
        pay=_pay(values),
        wish=f"{values['wish']:,.0f}",
    )


def _industry(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "In an industry that you wish for: %(industry)s",
        industry=name("industry", values["industry"]),
    )


def _care(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "Provides what you need: %(accommodations)s",
        accommodations=_listed(values["accommodations"], _),
    )


def _reserved(values: Values, _: Translate, name: NameOf) -> str:
    groups = [name("category", code) for code in values["categories"]]
    return _("Kept for graduates of these groups: %(groups)s", groups=_listed(groups, _))


def _other_major(values: Values, _: Translate, name: NameOf) -> str:
    return _("Not in the direction of your major (%(major)s)", major=_major_name(values, name))


def _few_skills(values: Values, _: Translate, name: NameOf) -> str:
    return _("Its description has little in common with the skills that you named")


def _other_occupation(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "%(occupation)s is not an occupation that you wish for",
        occupation=name("occupation", values["occupation"]),
    )


def _called_far(values: Values, _: Translate, name: NameOf) -> str:
    return _("You said that %(city)s is too far", city=name("division", values["city"]))


def _other_city(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "%(city)s is not among the places that you wish for", city=name("division", values["city"])
    )


def _low_pay(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "%(pay)s yuan a month, below the %(wish)s that you hope for",
        pay=_pay(values),
        wish=f"{values['wish']:,.0f}",
    )


def _other_industry(values: Values, _: Translate, name: NameOf) -> str:
    return _(
        "%(industry)s is not an industry that you wish for",
        industry=name("industry", values["industry"]),
    )


def _fields(values: Values, _: Translate) -> str:
    names = {
        "major": _("the major"),
        "skills": _("the skills"),
        "occupations": _("the occupation"),
        "places": _("the place of work"),
        "salary": _("the pay"),
        "industries": _("the industry"),
    }
    return _listed([names[field] for field in values["fields"]], _)


def _unstated(values: Values, _: Translate, name: NameOf) -> str:
    return _("Fill in for better matches: %(fields)s", fields=_fields(values, _))


def _posting_silent(values: Values, _: Translate, name: NameOf) -> str:
    return _("The posting leaves open: %(fields)s", fields=_fields(values, _))


def _weak(values: Values, _: Translate, name: NameOf) -> str:
    return _("Does not fit fully: %(fields)s", fields=_fields(values, _))


_WORDS: dict[str, Words] = {
    "major": _major,
    "major_field": _major_field,
    "major_occupation": _major_occupation,
    "skills": _skills,
    "occupation": _occupation,
    "occupation_related": _occupation_related,
    "city": _city,
    "near_home": _distance,
    "salary": _salary,
    "salary_near": _salary_near,
    "industry": _industry,
    "care": _care,
    "reserved": _reserved,
    "other_major": _other_major,
    "few_skills": _few_skills,
    "other_occupation": _other_occupation,
    "called_far": _called_far,
    "far": _distance,
    "other_city": _other_city,
    "low_pay": _low_pay,
    "other_industry": _other_industry,
    "unstated": _unstated,
    "posting_silent": _posting_silent,
    "weak": _weak,
}

CODES = frozenset(_WORDS)
"""Every code that can be put into words."""
