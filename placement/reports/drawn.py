"""The pictures of a report, each with its words and the table behind it, in the page's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import gettext as _

from placement.reference import destinations
from placement.reports.asking import CATEGORY
from placement.reports.dimensions import UNKNOWN, Crossing, Dimension, closed_keys
from placement.reports.pictures.bars import Bar, RateRow, against_picture, bars_picture
from placement.reports.pictures.courses import Points, course_picture
from placement.reports.pictures.drawing import Picture
from placement.reports.pictures.spreads import Unit, bins_of, median_of, spread_picture
from placement.reports.queries.comparisons import Comparison
from placement.reports.queries.courses import Course
from placement.reports.queries.reports import Report
from placement.reports.rates import Row, part_of, percent
from placement.reports.words import outcome_word, page_locale, reason_word


@dataclass(frozen=True, slots=True)
class Shown:
    """Pictures that belong together, and the table of the very numbers in them.

    `name` is for addresses within the page; the first of `headings` names the rows.
    """

    name: str
    caption: str
    pictures: list[Picture]
    headings: list[str]
    rows: list[list[str]]
    notes: list[str] = field(default_factory=list)
    headed: bool = False
    """Whether each picture says over it what it is of."""


def comparison_of(report: Report) -> Comparison | None:
    """All graduates of the very day asked; of another day nothing is compared."""
    found = report.baseline
    return found if found is not None and found.as_of == report.question.as_of else None


def counts_text(rate: Decimal | None, placed: int, counted: int) -> str:
    """A rate with its counts, never without."""
    return f"{rate_text(rate)} ({placed:,} / {counted:,})"


def rate_text(rate: Decimal | None) -> str:
    """A rate in percent; a dash over nobody."""
    return "–" if rate is None else f"{rate:.2f} %"


def course_shown(report: Report, course: Course) -> Shown:
    """The rate over the year, a picture for everybody and for each category that has anybody."""
    graduates = [(found.as_of, found.rate) for found in course.graduates]
    whole: Points = [(standing.day, standing.total.rate) for standing in course.days]
    groups = [row for row in report.by[CATEGORY] if row.denominator]
    pictures = [_course(str(_("Everybody in the register")), whole, (), graduates)]
    for row in groups:
        points = [
            (found.day, found.by_category[row.key].rate if row.key in found.by_category else None)
            for found in course.days
        ]
        pictures.append(_course(row.label, points, whole, graduates))
    days = {found.as_of: found for found in course.graduates}
    rows = [
        [
            standing.day.isoformat(),
            counts_text(standing.total.rate, standing.total.placed, standing.total.denominator),
            *(_rate_of(standing.by_category.get(row.key)) for row in groups),
            _rate_of(days.get(standing.day)),
        ]
        for standing in course.days
    ]
    return Shown(
        "course",
        str(_("The rate over the year")),
        pictures,
        [
            str(_("As of")),
            str(_("Everybody in the register")),
            *(row.label for row in groups),
            str(_("All graduates")),
        ],
        rows,
        [str(_("All days as known at one moment, that of this page."))],
        headed=True,
    )


def against_shown(report: Report) -> Shown:
    """The categories against all graduates, or against the register where those are not known."""
    compared = comparison_of(report)
    reference = compared.rate if compared else report.total.rate
    groups = [row for row in report.by[CATEGORY] if row.denominator]
    caption = (
        _("Categories against all graduates")
        if compared
        else _("Categories against everybody in the register")
    )
    picture = against_picture(
        str(caption),
        _listed(f"{row.label} {rate_text(row.rate)}" for row in groups),
        [_rate_row(row) for row in groups],
        reference,
    )
    rows = [_figures(row.label, row) for row in (*groups, report.total)]
    if compared is not None:
        whole = [f"{compared.graduates:,}", f"{compared.placed:,}", rate_text(compared.rate)]
        rows.append([str(_("All graduates")), *whole])
    notes = [
        str(_("The upright line stands at %(rate)s.", rate=rate_text(reference))),
        str(_("A person may be in several categories and appear in several rows.")),
    ]
    return Shown("against", str(caption), [picture], _headings(str(_("Group"))), rows, notes)


def spread_shown(report: Report, crossing: Crossing) -> Shown:
    """The universities or colleges by their rates, none of them named."""
    colleges = crossing == (Dimension.COLLEGE,)
    units = [Unit(row.rate, row.denominator) for row in report.by[crossing] if row.rate is not None]
    caption = str(_("Colleges by their rate") if colleges else _("Universities by their rate"))
    desc = _(
        "%(count)d in all; half of them reach %(median)s. Together the rate is %(rate)s.",
        count=len(units),
        median=rate_text(median_of(units)),
        rate=rate_text(report.total.rate),
    )
    rows = [
        [f"{found.low:g} – {found.high:g} %", str(len(found.units)), f"{found.counted:,}"]
        for found in bins_of(units)
        if found.units
    ]
    return Shown(
        "spread",
        caption,
        [spread_picture(caption, str(desc), units, report.total.rate)],
        [str(_("Rate from – below")), str(_("How many")), str(_("Counted"))],
        rows,
        [
            str(desc),
            str(
                _(
                    "One dot each, hollow where fewer than 30 people are counted; the line is the"
                    " rate of all together."
                )
            ),
        ],
    )


def parts_shown(report: Report) -> Shown:
    """Where people went: the parts of the rate and the codes within them."""
    total, scheme, locale = report.total, report.question.scheme, page_locale()
    codes = dict(total.codes) | ({UNKNOWN: total.unknown} if total.unknown else {})
    bars: list[Bar] = []
    rows: list[list[str]] = []
    for part, people in total.parts.items():
        if people:
            name = destinations.part_name(part, locale, scheme)
            _add_bar(bars, rows, name, people, total.denominator)
        for code in closed_keys(Dimension.CODE):
            if code in codes and part_of(None if code == UNKNOWN else code, scheme) == part:
                _add_bar(bars, rows, _code_word(code), codes[code], total.denominator, within=True)
    caption = str(_("Where they went"))
    desc = _listed(f"{bar.name} {bar.text}" for bar in bars if not bar.within)
    headings = [str(_("Part or outcome")), str(_("People")), str(_("Of those counted"))]
    return Shown("parts", caption, [bars_picture(caption, desc, bars)], headings, rows)


def _course(name: str, points: Points, whole: Points, graduates: Points) -> Picture:
    known = [(day, rate) for day, rate in points if rate is not None]
    if not known:
        desc = str(_("Nobody is counted on these days."))
    else:
        desc = str(
            _(
                "From %(first)s on %(from_day)s to %(last)s on %(to_day)s.",
                first=rate_text(known[0][1]),
                from_day=known[0][0].isoformat(),
                last=rate_text(known[-1][1]),
                to_day=known[-1][0].isoformat(),
            )
        )
    return course_picture(name, desc, points, whole, graduates)


def _add_bar(
    bars: list[Bar],
    rows: list[list[str]],
    name: str,
    people: int,
    counted: int,
    *,
    within: bool = False,
) -> None:
    share = rate_text(percent(people, counted))
    bars.append(Bar(name, f"{people:,} · {share}", people / counted if counted else 0, within))
    rows.append([f"　{name}" if within else name, f"{people:,}", share])


def _code_word(code: str) -> str:
    if code == UNKNOWN:
        return reason_word("unknown")
    return f"{code} {outcome_word(code)}" if code.isdecimal() else outcome_word(code)


def _rate_of(found: Row | Comparison | None) -> str:
    return "–" if found is None else rate_text(found.rate)


def _rate_row(row: Row, *, marked: bool = False) -> RateRow:
    return RateRow(row.label, row.rate, counts_text(row.rate, row.placed, row.denominator), marked)


def _headings(first: str) -> list[str]:
    return [first, str(_("Counted")), str(_("Placed")), str(_("Rate"))]


def _figures(name: str, row: Row) -> list[str]:
    return [name, f"{row.denominator:,}", f"{row.placed:,}", rate_text(row.rate)]


def _listed(items: Iterable[str]) -> str:
    found: Sequence[str] = list(items)
    return ("；" if page_locale().startswith("zh") else "; ").join(found)
