"""The one-page brief of a report: key figures, two pictures, where people went, by which rules."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _

from placement import clock
from placement.documents.typesetting import typeset
from placement.reports.drawn import (
    against_shown,
    comparison_of,
    counts_text,
    course_shown,
    parts_shown,
    rate_text,
)
from placement.reports.queries.courses import Course
from placement.reports.queries.reports import Report
from placement.reports.rates import percent
from placement.reports.sentences import scheme_source
from placement.reports.words import BASES, BASES_OF_EVIDENCE, page_locale

_PICTURE_WIDTH = 330


def brief_pdf(report: Report, course: Course, whose: str) -> bytes:
    """The brief as one page of A4 in the language of the page; `whose` is who the figures are of.

    The same report gives the same bytes. Raises DocumentError.
    """
    question = report.question
    day, moment = question.as_of.isoformat(), report.known_at.astimezone(clock.ZONE)
    parts = parts_shown(report)
    source = _(
        "Scheme %(scheme)s · as of %(day)s · known at %(moment)s",
        scheme=question.scheme,
        day=day,
        moment=f"{moment:%Y-%m-%d %H:%M:%S}",
    )
    data: dict[str, Any] = {
        "lang": "zh" if page_locale().startswith("zh") else "en",
        "title": str(_("Placement of the class of %(year)d", year=question.class_year)),
        "under": whose,
        "foot": str(source),
        "sentence": _sentence(report),
        "facts": _facts(report),
        "pictures": [
            {
                "title": shown.caption,
                "svg": shown.pictures[0].standalone(_PICTURE_WIDTH).decode(),
                "note": shown.notes[0],
            }
            for shown in (course_shown(report, course), against_shown(report))
        ],
        "parts_title": parts.caption,
        "heads": parts.headings,
        "rows": parts.rows,
        "rules": str(
            _(
                "Rules: scheme %(scheme)s, %(source)s. Every figure can be traced to its people in"
                " Placement.",
                scheme=question.scheme,
                source=scheme_source(question.scheme),
            )
        ),
    }
    return typeset("brief", data, made_at=moment.astimezone(dt.UTC).replace(microsecond=0))


def _sentence(report: Report) -> str:
    total = report.total
    return str(
        _(
            "%(registered)s registered, %(counted)s counted, %(placed)s placed: %(rate)s.",
            registered=f"{total.registered:,}",
            counted=f"{total.denominator:,}",
            placed=f"{total.placed:,}",
            rate=rate_text(total.rate),
        )
    )


def _facts(report: Report) -> list[list[str]]:
    question, total, compared = report.question, report.total, comparison_of(report)
    graduates = "–"
    if compared is not None:
        graduates = counts_text(compared.rate, compared.placed, compared.graduates)
    over_all = percent(total.placed, total.registered)
    return [
        [
            report.rate_name,
            counts_text(total.rate, total.placed, total.denominator),
        ],
        [str(_("All graduates")), graduates],
        [str(_("Denominator")), str(BASES[question.base])],
        [str(_("Outcomes")), str(BASES_OF_EVIDENCE[question.basis])],
        [
            str(_("Knowledge rate")),
            counts_text(total.knowledge_rate, total.known, total.denominator),
        ],
        [
            str(_("Over all registered")),
            counts_text(over_all, total.placed, total.registered),
        ],
    ]
