"""What the pages of figures show: choices, links to people, bars, sorted rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from flask import request, url_for

from placement.accounts.viewer import Viewer
from placement.reference import destinations, divisions
from placement.reports.asking import CATEGORY, COMBINATION, write_conditions
from placement.reports.dimensions import (
    UNKNOWN,
    Crossing,
    Dimension,
    closed_keys,
    crossing_name,
    label,
)
from placement.reports.drawn import comparison_of
from placement.reports.overlaps import in_several, memberships, overlap_rows
from placement.reports.queries.comparisons import Comparison
from placement.reports.queries.reports import Report
from placement.reports.questions import Condition, Question, Status
from placement.reports.rates import Row, part_of, percent
from placement.reports.views.addresses import FIRST_GROUP, address_of, applied_conditions
from placement.reports.views.choices import Choices
from placement.reports.words import (
    BASELINE_REASONS,
    crossing_word,
    page_locale,
)
from placement.web import Page

_ROWS = 40
"""Rows of a table on one page, so that a page of links stays light."""

SORTS = ("registered", "excluded", "denominator", "placed", "rate", "knowledge_rate")


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the rate: its people, their rate in percent, its codes with name and people."""

    part: str
    label: str
    people: int
    rate: Decimal | None
    codes: list[tuple[str, str, int]]


@dataclass(frozen=True)
class FiguresPage:
    """One report as a page shows it."""

    report: Report
    universities: dict[str, str]
    """Names by code, to choose from and to say what the figures are narrowed to."""
    viewer: Viewer

    @property
    def choices(self) -> Choices:
        """What may be chosen instead."""
        return Choices(self.question, self.universities)

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.report.question

    @property
    def crossing(self) -> Crossing:
        """What the table groups by."""
        return self.question.by[0]

    @property
    def group(self) -> str:
        """The same as the address names it."""
        return crossing_name(self.crossing)

    @property
    def comparison(self) -> Comparison | None:
        """All graduates of the very day asked; of another day nothing is compared."""
        return comparison_of(self.report)

    @property
    def baseline_reason(self) -> str:
        """Why all graduates are not compared with."""
        return str(BASELINE_REASONS.get(self.report.baseline_reason or "", ""))

    @property
    def overlaps(self) -> list[Row]:
        """All combinations of the four categories, which share nobody."""
        return overlap_rows(self.report.by[COMBINATION], self.question, locale=page_locale())

    @property
    def by_combination(self) -> Crossing:
        """The crossing of the rows that overlap nobody."""
        return COMBINATION

    @property
    def in_several(self) -> int:
        """How many people are in more than one of the four."""
        return in_several(self.report.by[COMBINATION])

    @property
    def memberships(self) -> int:
        """What the rows of the four categories add up to."""
        return memberships(self.report.by[COMBINATION])

    @property
    def group_word(self) -> str:
        """What the table groups by, in words."""
        return crossing_word(self.group)

    def people_url(
        self, status: str = "", row: Row | None = None, crossing: Crossing | None = None, **key: str
    ) -> str:
        """The address of the people behind a figure: of a row, or of one key such as part=…."""
        narrowed: list[Condition] = []
        if row is not None:
            pairs = zip(crossing or self.crossing, row.keys, strict=True)
            narrowed += [Condition(dimension, value) for dimension, value in pairs]
        narrowed += [Condition(Dimension(name), value) for name, value in key.items()]
        words = [f"&where={quote_plus(text)}" for text in write_conditions(narrowed)]
        return "".join((self._people_url, *words, f"&is={status}" if status else ""))

    @cached_property
    def _people_url(self) -> str:
        """The address of all the people, which that of every figure begins with."""
        address = address_of(self.question.where, "") | {"moment": self.moment}
        return url_for("reports.people", **address)

    def export_url(self, form: str) -> str:
        """The address of exactly these figures as a file."""
        address = address_of(self.question.where, "") | {"by": self.group, "moment": self.moment}
        return url_for("reports.export_rates", form=form, **address)

    @property
    def pictures_url(self) -> str:
        """The address of the pictures of these figures."""
        return url_for("reports.pictures", **address_of(self.question.where, ""))

    def mail_url(self, report: str) -> str:
        """Where these figures, or their pictures, are asked for by mail."""
        kept = address_of(self.question.where, "")
        kept |= {name: request.args.getlist(name) for name in ("by", "show")}
        return url_for("schedules.create_schedule", report=report, **kept)

    @property
    def brief_url(self) -> str:
        """The address of these figures as a brief."""
        address = address_of(self.question.where, "") | {"moment": self.moment}
        return url_for("reports.brief", **address)

    @property
    def annual_url(self) -> str:
        """The address of all tables of these figures as one workbook."""
        address = address_of(self.question.where, "") | {"moment": self.moment}
        return url_for("reports.annual", **address)

    @property
    def moment(self) -> str:
        """The moment of these figures as an address carries it."""
        return self.report.known_at.isoformat()

    def category_url(self, row: Row) -> str:
        """The address of the placed people of a category."""
        return self.people_url(Status.PLACED, row, CATEGORY)

    @property
    def applied(self) -> list[tuple[str, str]]:
        """What the figures are narrowed to, each with the address that takes it off."""
        return applied_conditions(self.question, self.universities)

    @property
    def chart(self) -> list[dict[str, Any]]:
        """The bars of the categories that have anybody."""
        return [
            {
                "label": row.label,
                "percent": row.rate,
                "placed": row.placed,
                "denominator": row.denominator,
                "url": self.category_url(row),
            }
            for row in self.report.by[CATEGORY]
            if row.denominator
        ]

    @property
    def chart_from(self) -> int:
        """Where the axis of the bars begins: at 0, or close below rates that are all high."""
        rates = [row.rate for row in self.report.by[CATEGORY] if row.rate is not None]
        if self.comparison is not None and self.comparison.rate is not None:
            rates.append(self.comparison.rate)
        lowest = min(rates, default=Decimal(0))
        return int(lowest - 1) // 5 * 5 if lowest >= 80 else 0

    @property
    def over_all(self) -> Decimal | None:
        """The rate over everybody registered, where it differs from the one that is shown."""
        total = self.report.total
        return percent(total.placed, total.registered) if total.excluded else None

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why people of the denominator are not placed, most of them first."""
        found = [
            (reason, people)
            for reason, people in self.report.reasons.items()
            if reason not in {"verified", "reported"}
        ]
        return sorted(found, key=lambda pair: -pair[1])

    @property
    def parts(self) -> list[PartRow]:
        """The parts of the rate, each with the codes that make it."""
        total, scheme = self.report.total, self.question.scheme
        return [
            PartRow(
                part,
                destinations.part_name(part, page_locale(), scheme),
                people,
                rate,
                self._codes_of(part),
            )
            for (part, people), rate in zip(
                total.parts.items(), total.part_rates.values(), strict=True
            )
        ]

    def _codes_of(self, part: str) -> list[tuple[str, str, int]]:
        total, scheme = self.report.total, self.question.scheme
        counts = dict(total.codes)
        if total.unknown:
            counts[UNKNOWN] = total.unknown
        return [
            (code, self._code_word(code), counts[code])
            for code in closed_keys(Dimension.CODE)
            if code in counts and part_of(None if code == UNKNOWN else code, scheme) == part
        ]

    def _code_word(self, code: str) -> str:
        words = label(
            Dimension.CODE,
            code,
            universities={},
            scheme=self.question.scheme,
            locale=page_locale(),
        )
        return f"{code} {words}" if code.isdecimal() else words

    @property
    def show(self) -> str:
        """Which columns the table has: `rates`, or people by `parts`."""
        return "parts" if request.args.get("show") == "parts" else "rates"

    def part_columns(self) -> list[tuple[str, str]]:
        """The parts and their names, as columns of the table."""
        locale, scheme = page_locale(), self.question.scheme
        return [(part, destinations.part_name(part, locale, scheme)) for part in destinations.PARTS]

    def narrowed_url(self, row: Row) -> str:
        """The address of these figures for the people of a row alone, grouped anew."""
        pairs = zip(self.crossing, row.keys, strict=True)
        narrowed = [*self.question.where, *(Condition(*pair) for pair in pairs)]
        used = {item.dimension.value for item in narrowed}
        choices = (FIRST_GROUP[self.viewer.role], "college", "level", "category")
        by = next(name for name in choices if name not in used or name == "category")
        return url_for("reports.rates", **address_of(narrowed, "") | {"by": by})

    def page_of_rows(self) -> Page:
        """The rows of the table, sorted and cut as the address says."""
        rows = sorted_rows(self.report.by[self.crossing], request.args.get("sort", ""))
        pages = max(1, -(-len(rows) // _ROWS))
        number = min(max(1, request.args.get("page", 1, type=int)), pages)
        start = (number - 1) * _ROWS
        return Page(rows[start : start + _ROWS], number, _ROWS, len(rows))

    def is_key_county(self, row: Row) -> bool:
        """Whether a row is one of the key counties of poverty relief."""
        return self.crossing == (Dimension.COUNTY,) and row.key in divisions.key_counties()


def sorted_rows(rows: Sequence[Row], sort: str) -> list[Row]:
    """Rows by a figure, downwards with a minus in front, none of it last; else as they are."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        return list(rows)
    known = [row for row in rows if getattr(row, name) is not None]
    empty = [row for row in rows if getattr(row, name) is None]
    return sorted(known, key=lambda row: getattr(row, name), reverse=sort.startswith("-")) + empty
