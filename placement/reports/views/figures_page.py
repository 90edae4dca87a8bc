"""What the pages of figures show: choices, links to people, bars, sorted rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import request, url_for

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.reference import destinations, divisions
from placement.reports.asking import (
    CATEGORY,
    Address,
    read_question,
    write_conditions,
)
from placement.reports.dimensions import Crossing, Dimension, crossing_name, label
from placement.reports.queries.reports import Report
from placement.reports.questions import Condition, Question, Status
from placement.reports.rates import Row, percent
from placement.reports.words import (
    BASELINE_REASONS,
    BASES,
    BASES_OF_EVIDENCE,
    crossing_word,
    page_locale,
)
from placement.web import PAGE_SIZE, Page

_KEPT = ("year", "as_of", "known_at", "scheme", "base", "basis")
_READ = (*_KEPT, "moment", "university", "by")
_GROUPS = (
    "university",
    "college",
    "level",
    "sex",
    "ethnic",
    "origin",
    "county",
    "part",
    "code",
    "reason",
    "category",
    "category+level",
    "category+sex",
    "category+university",
    "category+part",
    "sex+level",
    "university+level",
)
_FIRST_GROUP = {Role.PROVINCE: "university", Role.UNIVERSITY: "college", Role.COUNSELOR: "level"}
SORTS = ("registered", "excluded", "denominator", "placed", "rate", "knowledge_rate")


def question_of_page(viewer: Viewer, years: Sequence[int]) -> Question:
    """The question of this request's address. Raises InvalidValueError."""
    today = clock.today()
    return read_question(
        Address(
            **{name: request.args.get(name, "").strip() for name in _READ},
            where=request.args.getlist("where"),
        ),
        newest=years[0] if years else today.year,
        today=today,
        grouped_by=_FIRST_GROUP[viewer.role],
    )


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """One report as a page shows it."""

    report: Report
    universities: dict[str, str]
    """Names by code, to choose from and to say what the figures are narrowed to."""

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.report.question

    @property
    def crossing(self) -> Crossing:
        """What the table groups by."""
        return self.question.by[-1]

    @property
    def group(self) -> str:
        """The same as the address names it."""
        return crossing_name(self.crossing)

    @property
    def groups(self) -> list[tuple[str, str]]:
        """What may be grouped by, with its words."""
        names = dict.fromkeys((*_GROUPS, self.group))
        return [(name, crossing_word(name)) for name in names]

    @property
    def bases(self) -> list[tuple[str, str]]:
        """The denominators to choose from."""
        return [(base.value, str(word)) for base, word in BASES.items()]

    @property
    def bases_of_evidence(self) -> list[tuple[str, str]]:
        """The bases to choose from."""
        return [(basis.value, str(word)) for basis, word in BASES_OF_EVIDENCE.items()]

    @property
    def schemes(self) -> list[tuple[str, str]]:
        """The schemes to choose from."""
        return [(scheme, scheme) for scheme in destinations.SCHEMES]

    @property
    def university(self) -> str:
        """The university that was chosen in the sentence."""
        return request.args.get("university", "")

    @property
    def chosen_moment(self) -> str:
        """The moment that was chosen, as a field for one takes it; empty for what is known now."""
        moment = self.question.known_at
        if moment is None or not request.args.get("known_at"):
            return ""
        return moment.astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")

    @property
    def baseline_reason(self) -> str:
        """Why all graduates are not compared with."""
        return str(BASELINE_REASONS.get(self.report.baseline_reason or "", ""))

    def year_choices(self, years: Sequence[int]) -> list[tuple[int, str]]:
        """The class years to choose from, the one asked among them."""
        every = sorted({*years, self.question.class_year}, reverse=True)
        return [(year, str(year)) for year in every]

    def university_choices(self, every: str) -> list[tuple[str, str]]:
        """The universities to choose from, `every` standing for all."""
        return [("", every), *self.universities.items()]

    @property
    def group_word(self) -> str:
        """What the table groups by, in words."""
        return crossing_word(self.group)

    def people_url(
        self, status: str = "", row: Row | None = None, crossing: Crossing | None = None, **key: str
    ) -> str:
        """The address of the people behind a figure: of a row, or of one key such as part=…."""
        narrowed = list(self.question.where)
        if row is not None:
            pairs = zip(crossing or self.crossing, row.keys, strict=True)
            narrowed += [Condition(dimension, value) for dimension, value in pairs]
        narrowed += [Condition(Dimension(name), value) for name, value in key.items()]
        address = _address(narrowed, status) | {"moment": self.moment}
        return url_for("reports.people", **address)

    def export_url(self, form: str) -> str:
        """The address of exactly these figures as a file."""
        address = _address(self.question.where, "") | {"by": self.group, "moment": self.moment}
        return url_for("reports.export_rates", form=form, **address)

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
        if self.report.baseline is not None and self.report.baseline.rate is not None:
            rates.append(self.report.baseline.rate)
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
    def parts(self) -> list[tuple[str, str, int, Decimal | None]]:
        """The parts of the rate: code, name, people and their rate."""
        total, scheme = self.report.total, self.question.scheme
        return [
            (part, destinations.part_name(part, page_locale(), scheme), people, rate)
            for (part, people), rate in zip(
                total.parts.items(), total.part_rates.values(), strict=True
            )
        ]

    def page_of_rows(self) -> Page:
        """The rows of the table, sorted and cut as the address says."""
        rows = sorted_rows(self.report.by[self.crossing], request.args.get("sort", ""))
        pages = max(1, -(-len(rows) // PAGE_SIZE))
        number = min(max(1, request.args.get("page", 1, type=int)), pages)
        start = (number - 1) * PAGE_SIZE
        return Page(rows[start : start + PAGE_SIZE], number, PAGE_SIZE, len(rows))

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


def applied_conditions(question: Question, universities: dict[str, str]) -> list[tuple[str, str]]:
    """The conditions in words, each with the address of the same page without it."""
    found = []
    for item in question.where:
        others = [other for other in question.where if other != item]
        words = label(
            item.dimension,
            item.key,
            universities=universities,
            scheme=question.scheme,
            locale=page_locale(),
        )
        address = _address(others, request.args.get("is", ""))
        address |= {name: request.args[name] for name in ("by", "moment") if name in request.args}
        found.append((words, url_for(str(request.endpoint), **address)))
    return found


def _address(conditions: Sequence[Condition], status: str) -> dict[str, Any]:
    kept: dict[str, Any] = {name: request.args[name] for name in _KEPT if request.args.get(name)}
    kept["where"] = write_conditions(conditions)
    if status:
        kept["is"] = status
    return kept
