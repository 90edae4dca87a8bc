"""The sheets of a report: the same rows as on the screen, set out to be read and printed."""

from collections.abc import Sequence

from flask_babel import gettext as _

from placement.reference import destinations
from placement.reports.dimensions import UNKNOWN, Crossing, Dimension, closed_keys, crossing_name
from placement.reports.overlaps import in_several, memberships, overlap_rows
from placement.reports.queries.reports import Report
from placement.reports.questions import Question
from placement.reports.rates import Row, part_of, percent
from placement.reports.sentences import scheme_source
from placement.reports.tables import Value
from placement.reports.words import (
    BASELINE_REASONS,
    BASES,
    BASES_OF_EVIDENCE,
    DIMENSIONS,
    column_word,
    crossing_word,
    outcome_word,
    page_locale,
    reason_word,
    standing_word,
)
from placement.reports.workbooks import Sheet, as_workbook

_COUNTS = ("registered", "excluded", "denominator", "placed", "rate", "known", "knowledge_rate")
_BY_CATEGORY: Crossing = (Dimension.CATEGORY,)
_BY_COMBINATION: Crossing = (Dimension.COMBINATION,)


def rates_workbook(report: Report) -> bytes:
    """A report as a workbook in the language of the page."""
    question, total = report.question, report.total
    title = _(
        "Class of %(year)d: %(rate)s as of %(day)s",
        year=question.class_year,
        rate=report.rate_name,
        day=question.as_of.isoformat(),
    )
    sentence = _(
        "%(registered)s registered, %(counted)s counted, %(placed)s placed: %(rate)s.",
        registered=f"{total.registered:,}",
        counted=f"{total.denominator:,}",
        placed=f"{total.placed:,}",
        rate="–" if total.rate is None else f"{total.rate:.2f} %",
    )
    return as_workbook(
        _sheets(report), title=str(title), sentence=str(sentence), asked=asked_line(report)
    )


def asked_line(report: Report) -> str:
    """What was asked and known when, in one line."""
    question = report.question
    where = "; ".join(f"{item.dimension.value}={item.key}" for item in question.where)
    line = _(
        "Over %(base)s; outcomes %(basis)s; scheme %(scheme)s; known at %(moment)s",
        base=BASES[question.base],
        basis=BASES_OF_EVIDENCE[question.basis],
        scheme=question.scheme,
        moment=report.known_at.isoformat(timespec="seconds"),
    )
    return f"{line}; {where}" if where else str(line)


def _sheets(report: Report) -> list[Sheet]:
    sheets = [
        rows_sheet(report, crossing)
        for crossing in report.by
        if crossing not in {_BY_CATEGORY, _BY_COMBINATION}
    ]
    if _BY_CATEGORY in report.by:
        sheets.append(rows_sheet(report, _BY_CATEGORY))
    if _BY_COMBINATION in report.by:
        sheets.append(_overlap_sheet(report))
    return [
        *(sheets or [_total_sheet(report)]),
        _reasons_sheet(report),
        _codes_sheet(report),
        _about(report),
    ]


def rows_sheet(report: Report, crossing: Crossing) -> Sheet:
    """The rows of a crossing under its total: a column for each dimension, then the figures."""
    notes = []
    if Dimension.CATEGORY in crossing:
        notes = [
            str(_("A person may be in several categories and appear in several rows.")),
            str(_("The total counts everybody once.")),
        ]
    return Sheet(
        crossing_word(crossing_name(crossing)),
        [
            column_word("key"),
            *(str(DIMENSIONS[name]) for name in crossing),
            *_figure_headings(report.question),
        ],
        [
            ["total", *_labels(report.total, len(crossing)), *_figures(report.total)],
            *(
                [row.key, *_labels(row, len(crossing)), *_figures(row)]
                for row in report.by[crossing]
            ),
        ],
        totals=1,
        notes=notes,
    )


def _total_sheet(report: Report) -> Sheet:
    row: list[Value] = ["total", report.total.label, *_figures(report.total)]
    headings = [column_word("key"), column_word("label"), *_figure_headings(report.question)]
    return Sheet(column_word("rates"), headings, [row], totals=1)


def _overlap_sheet(report: Report) -> Sheet:
    rows = overlap_rows(report.by[_BY_COMBINATION], report.question, locale=page_locale())
    notes = [
        str(
            _(
                "The rows of the four categories add up to %(sum)s; %(several)s people are in more"
                " than one of them. Each person stands in exactly one row of this table, so that"
                " its rows add up to the total.",
                sum=f"{memberships(rows):,}",
                several=f"{in_several(rows):,}",
            )
        )
    ]
    plain = rows_sheet(report, _BY_COMBINATION)
    lines: list[list[Value]] = [[row.key, row.label, *_figures(row)] for row in rows]
    return Sheet(plain.name, plain.headings, [plain.rows[0], *lines], totals=1, notes=notes)


def _reasons_sheet(report: Report) -> Sheet:
    rows: list[list[Value]] = [
        [column_word("exclusion"), code, standing_word(code), people]
        for code, people in report.exclusions.items()
    ]
    rows += [
        [column_word("denominator"), code, reason_word(code), people]
        for code, people in report.reasons.items()
    ]
    if report.since is not None:
        rows.append([column_word("left"), report.since.isoformat(), "", report.left])
    headings = [column_word(name) for name in ("by", "key", "reason_text", "count")]
    return Sheet(str(_("Left out or not placed")), headings, rows)


def _codes_sheet(report: Report) -> Sheet:
    total, scheme = report.total, report.question.scheme
    counts = dict(total.codes) | ({UNKNOWN: total.unknown} if total.unknown else {})
    rows: list[list[Value]] = []
    for code in (code for code in closed_keys(Dimension.CODE) if code in counts):
        part = part_of(None if code == UNKNOWN else code, scheme)
        words = reason_word("unknown") if code == UNKNOWN else outcome_word(code)
        name = destinations.part_name(part, page_locale(), scheme)
        rows.append([name, code, words, counts[code], percent(counts[code], total.denominator)])
    headings = [column_word(name) for name in ("part", "code", "code_name", "count", "rate")]
    return Sheet(str(_("Where they went")), headings, rows)


def _about(report: Report) -> Sheet:
    question, compared = report.question, report.baseline
    if compared is None:
        graduates = str(BASELINE_REASONS.get(report.baseline_reason or "", ""))
    else:
        rate = "–" if compared.rate is None else f"{compared.rate:.2f} %"
        graduates = f"{compared.as_of}: {rate} ({compared.placed:,} / {compared.graduates:,})"
    rows: list[list[Value]] = [
        [column_word("rate_name"), report.rate_name],
        [column_word("class_year"), str(question.class_year)],
        [column_word("as_of"), question.as_of.isoformat()],
        [column_word("known_at"), report.known_at.isoformat()],
        [column_word("scheme"), f"{question.scheme} ({scheme_source(question.scheme)})"],
        [column_word("base"), str(BASES[question.base])],
        [column_word("basis"), str(BASES_OF_EVIDENCE[question.basis])],
        [column_word("where"), "; ".join(f"{c.dimension.value}={c.key}" for c in question.where)],
        [column_word("baseline"), graduates],
        [column_word("backdated"), str(report.backdated)],
    ]
    return Sheet(column_word("source"), [str(_("What was asked")), str(_("Content"))], rows)


def _figure_headings(question: Question) -> list[str]:
    locale, scheme = page_locale(), question.scheme
    parts = [destinations.part_name(part, locale, scheme) for part in destinations.PARTS]
    return [*(column_word(name) for name in _COUNTS), *parts, *(f"{part} %" for part in parts)]


def _figures(row: Row) -> list[Value]:
    counts = [getattr(row, name) for name in _COUNTS]
    return [*counts, *row.parts.values(), *row.part_rates.values()]


def _labels(row: Row, places: int) -> list[Value]:
    """The name of each of a row's keys; of the total, or one that cannot be told apart, once."""
    names: Sequence[str] = row.label.split(" · ")
    return list(names) if len(names) == places else [row.label, *[""] * (places - 1)]
