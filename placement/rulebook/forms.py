"""What may be typed into the rulebook; each form makes the columns of its set's table."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from placement.reference import categories, destinations, kinds, list_kinds
from placement.reference.subsidies import SEEKING, papers
from placement.rulebook.models import RuleSet
from placement.web import PlacementForm

MONTHS = range(1, 13)
_DAY_OF_YEAR = re.compile(r"(\d{1,2})-(\d{1,2})")
_UNREADABLE = _("Write month and day, as in 09-01.")


class RuleForm(PlacementForm):
    """What every rule has: names, the day from which it holds, and where it is written."""

    zh = StringField(_("In Chinese"), [InputRequired(), Length(max=40)])
    en = StringField(_("In English"), [Optional(), Length(max=80)])
    valid_from = DateField(_("Holds from"), [InputRequired()])
    source = StringField(
        _("Where it is written"),
        [InputRequired(), Length(min=2, max=300)],
        description=_("Name, number and year of the document."),
    )
    digest = HiddenField()
    """What was looked at before it is done."""

    @property
    def content(self) -> dict[str, str]:
        """The columns of the table as they are kept."""
        return {
            name: ";".join(value)
            if isinstance(value, list)
            else str("" if value is None else value)
            for name, value in self.entered.items()
            if name not in {"valid_from", "source", "digest"}
        }

    def name_choices(self, locale: str) -> None:
        """Name what may be chosen in the language of `locale`."""

    @classmethod
    def data_of(cls, row: Mapping[str, str]) -> dict[str, Any]:
        """The entries of the form for a row of the table."""
        return {name: text or None for name, text in row.items()}


class ServiceForm(RuleForm):
    """One service owed to everybody."""

    kinds = SelectMultipleField(_("Which help counts"), [InputRequired()], choices=[])
    needed = IntegerField(_("How many times"), [InputRequired(), NumberRange(min=1, max=50)])
    within_days = IntegerField(
        _("Within how many days of the opening"), [InputRequired(), NumberRange(min=1, max=1000)]
    )

    def name_choices(self, locale: str) -> None:
        """Name the kinds of help."""
        self.kinds.choices = _choices(kinds.actions, locale)

    @classmethod
    def data_of(cls, row: Mapping[str, str]) -> dict[str, Any]:
        """The entries of the form for a row of the table."""
        return super().data_of(row) | {"kinds": row["kinds"].split(";")}


class ContactForm(RuleForm):
    """How often somebody gets in touch in some months."""

    days = IntegerField(_("At least every so many days"), [InputRequired(), NumberRange(1, 366)])
    from_month = SelectField(_("From the month"), [InputRequired()], choices=[])
    to_month = SelectField(_("To the month"), [InputRequired()], choices=[])

    def name_choices(self, locale: str) -> None:
        """Name the months."""
        for months in (self.from_month, self.to_month):
            months.choices = [SelectChoice(str(month), str(month)) for month in MONTHS]


class SubsidyForm(RuleForm):
    """A subsidy: for whom, how much, when, with what, where."""

    amount = IntegerField(
        _("Yuan"), [Optional(), NumberRange(min=1)], description=_("Empty where it varies.")
    )
    classes = SelectMultipleField(
        _("For whom"),
        [Optional()],
        choices=[],
        description=_("One of them is enough; none where no class is asked for."),
    )
    outcomes = StringField(
        _("Destination codes"),
        [Optional(), Length(max=200)],
        description=_("Separated by ;. Empty for those who seek work."),
    )
    opens = StringField(_("Open from"), [InputRequired()], description=_("Month and day, as 09-01"))
    opens_year = SelectField(_("in the year"), [InputRequired()], choices=[])
    closes = StringField(_("Open until"), [InputRequired()], description=_("Month and day"))
    closes_year = SelectField(_("in the year"), [InputRequired()], choices=[])
    papers = SelectMultipleField(_("Papers"), [Optional()], choices=[])
    where_zh = StringField(_("Where to apply, in Chinese"), [InputRequired(), Length(max=200)])
    where_en = StringField(_("Where to apply, in English"), [Optional(), Length(max=200)])
    also_zh = StringField(_("What else is asked, in Chinese"), [Optional(), Length(max=200)])
    also_en = StringField(_("What else is asked, in English"), [Optional(), Length(max=200)])
    confirmed_for = IntegerField(
        _("Confirmed for the year"),
        [Optional(), NumberRange(min=2000, max=2100)],
        description=_("Until then pages say that amount and window are not confirmed."),
    )

    @property
    def content(self) -> dict[str, str]:
        """The columns of the table: no codes mean who seeks work."""
        content = super().content
        codes = [code.strip() for code in content["outcomes"].replace("；", ";").split(";")]
        return content | {
            "outcomes": ";".join(filter(None, codes)) or SEEKING,
            "opens": _month_and_day(content["opens"]),
            "closes": _month_and_day(content["closes"]),
        }

    def name_choices(self, locale: str) -> None:
        """Name the classes, papers and years."""
        known = {
            choice.value: choice
            for choice in (*_choices(list_kinds, locale), *_choices(categories, locale))
        }
        self.classes.choices = list(known.values())
        self.papers.choices = [
            SelectChoice(entry.code, entry.label(locale)) for entry in papers.values()
        ]
        for years in (self.opens_year, self.closes_year):
            years.choices = [
                SelectChoice("-1", _("before graduation")),
                SelectChoice("0", _("of graduation")),
                *(
                    SelectChoice(str(number), _("of graduation + %(num)d", num=number))
                    for number in range(1, 7)
                ),
            ]

    @classmethod
    def data_of(cls, row: Mapping[str, str]) -> dict[str, Any]:
        """The entries of the form for a row of the table."""
        listed = {name: list(filter(None, row[name].split(";"))) for name in ("classes", "papers")}
        codes = "" if row["outcomes"] == SEEKING else row["outcomes"]
        return super().data_of(row) | listed | {"outcomes": codes}

    def validate_outcomes(self, field: StringField) -> None:
        """Refuse a code that is none."""
        for code in filter(None, re.split(r"[;；]", field.data or "")):
            if code.strip() not in destinations.codes:
                raise ValidationError(_("There is no destination code %(code)s.", code=code))

    def validate_opens(self, field: StringField) -> None:
        """Refuse what is no day of a year."""
        _require_day(field)

    def validate_closes(self, field: StringField) -> None:
        """Refuse what is no day of a year, or one before the window opens."""
        _require_day(field)
        opens = (int(self.opens_year.data), _month_and_day(self.opens.data or ""))
        if (int(self.closes_year.data), _month_and_day(field.data or "")) < opens:
            raise ValidationError(_("The window would close before it opens."))


class EndRuleForm(PlacementForm):
    """The last day of a rule."""

    last_on = DateField(_("Holds until"), [InputRequired()])
    digest = HiddenField()


FORMS: Mapping[RuleSet, type[RuleForm]] = {
    RuleSet.SERVICE: ServiceForm,
    RuleSet.CONTACTS: ContactForm,
    RuleSet.SUBSIDIES: SubsidyForm,
}


def _choices(table: Any, locale: str) -> list[SelectChoice]:
    return [SelectChoice(entry.code, entry.label(locale)) for entry in table.entries.values()]


def _month_and_day(text: str) -> str:
    """As the table writes it, `09-01`; as it stands where it cannot be read."""
    found = _DAY_OF_YEAR.fullmatch(text.strip())
    return f"{int(found[1]):02}-{int(found[2]):02}" if found else text


def _require_day(field: StringField) -> None:
    found = _DAY_OF_YEAR.fullmatch((field.data or "").strip())
    try:
        # A year without a 29 February, since the window must exist in every year.
        dt.date(2023, int(found[1]), int(found[2])) if found else dt.date(0, 1, 1)
    except ValueError:
        raise ValidationError(_UNREADABLE) from None


__all__ = ["FORMS", "EndRuleForm", "RuleForm"]
