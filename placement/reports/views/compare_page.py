"""What the pages that compare two figures show: the questions, the addresses, the people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from placement import clock
from placement.errors import InvalidValueError
from placement.reference import destinations
from placement.reports.asking import Address, read_question, write_conditions
from placement.reports.difference_words import PRINTED, question_word
from placement.reports.queries.explanations import Explanation
from placement.reports.queries.reconciliations import Figure, Reconciliation
from placement.reports.questions import Base, Question
from placement.reports.reconciliation.causes import Cause, read_cause
from placement.reports.reconciliation.differences import CauseRow
from placement.reports.reconciliation.printed import Candidate, Printed, printed_figure
from placement.reports.views.choices import RuleChoices
from placement.reports.words import page_locale

_SIDE = ("as_of", "known_at", "base", "basis", "scheme", "university")
_OTHER_BASE = {Base.COUNTED: Base.REGISTERED, Base.REGISTERED: Base.COUNTED}
_KEPT = (
    "year",
    "with",
    *_SIDE,
    *(f"{name}_2" for name in _SIDE),
    "printed_total",
    "printed_placed",
    "printed_rate",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What the address of a page asks: two questions, or one and something printed."""

    first: Question
    second: Question
    printed: Printed | None
    with_printed: bool


def compared_of_page(years: Sequence[int]) -> Compared:
    """Read both figures from this request's address.

    The second one is as the first where the address does not say; one that says nothing at all
    is over the other base, which is the question that is asked most. Raises InvalidValueError.
    """
    with_printed = request.args.get("with") == "printed"
    first = _question(years, {name: _given(name) for name in _SIDE})
    other = {name: _given(f"{name}_2") for name in _SIDE}
    second = _question(years, {name: other[name] or _given(name) for name in _SIDE})
    if not any(other.values()):
        second = replace(second, base=_OTHER_BASE[first.base])
    return Compared(first, second, _printed() if with_printed else None, with_printed)


def _given(name: str) -> str:
    return request.args.get(name, "").strip()


def _question(years: Sequence[int], said: dict[str, str]) -> Question:
    today = clock.today()
    if said["university"] == "all":
        said = {**said, "university": ""}
    return read_question(
        Address(
            year=_given("year"),
            moment=_given("moment"),
            where=request.args.getlist("where"),
            **said,
        ),
        newest=years[0] if years else today.year,
        today=today,
        grouped_by="category",
    )


def _printed() -> Printed | None:
    texts = [_given(f"printed_{name}").replace(",", "") for name in ("total", "placed", "rate")]
    try:
        total, placed = (int(text) if text else None for text in texts[:2])
        rate = Decimal(texts[2].rstrip("% ")) if texts[2] else None
    except (ValueError, InvalidOperation) as error:
        raise InvalidValueError(
            "A printed number cannot be read.", remedy="Give counts as 34267, a rate as 96.65."
        ) from error
    return printed_figure(total, placed, rate)


def asked_cause() -> Cause | None:
    """The cause that the address names; None for all. Raises InvalidValueError for no cause."""
    text = _given("cause")
    cause = read_cause(text) if text else None
    if text and cause is None:
        raise InvalidValueError("There is no such cause.", remedy="Choose one of the table.")
    return cause


@dataclass(frozen=True, slots=True)
class ComparePage(RuleChoices):
    """The difference of two figures as a page shows it."""

    asked: Compared
    answer: Explanation
    universities: dict[str, str]

    @property
    def difference(self) -> Reconciliation:
        """Both figures and what lies between them."""
        return self.answer.difference

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """What the first figure may be compared with."""
        return [("ours", _("another of ours")), ("printed", _("a printed one"))]

    def year_choices(self, years: Sequence[int]) -> list[tuple[int, str]]:
        """The class years to choose from, the one asked among them."""
        every = sorted({*years, self.asked.first.class_year}, reverse=True)
        return [(year, str(year)) for year in every]

    def university_choices(self, every: str) -> list[tuple[str, str]]:
        """The universities to choose from, `every` standing for all."""
        return [("all", every), *self.universities.items()]

    def chosen(self, name: str) -> str:
        """The text of a field as the address says it; the second's as the first's without it."""
        return _given(name) or _given(name.removesuffix("_2"))

    def address(self, **more: str) -> dict[str, Any]:
        """This page's questions as an address carries them, known as this page knows."""
        kept: dict[str, Any] = {name: _given(name) for name in _KEPT if _given(name)}
        kept["where"] = request.args.getlist("where")
        newest = self.difference.reading.known_at
        return kept | {"moment": _given("moment") or newest.isoformat()} | more

    def people_url(self, row: CauseRow | None = None) -> str:
        """The address of those who stand under a cause, or of all who differ."""
        more = {} if row is None else {"cause": str(row.cause)}
        return url_for("reports.compare_people", **self.address(**more))

    def export_url(self, form: str) -> str:
        """The address of exactly this difference as a file."""
        return url_for("reports.export_comparison", form=form, **self.address())

    def figure_url(self, figure: Figure, status: str = "") -> str:
        """The address of the people behind one of both figures."""
        return url_for("reports.people", **_figure_address(figure.question, status))

    def candidate_word(self, one: Candidate) -> str:
        """Which of our answers it is."""
        return question_word(one.question)

    def gives(self, one: Candidate) -> str:
        """Which printed numbers an answer of ours gives."""
        names = [PRINTED[name] for name in PRINTED if name in one.gives]
        return ", ".join(str(name) for name in names)

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        """The parts of the rate: name, people in the first figure and in the second."""
        first, second = self.difference.first.row, self.difference.second.row
        return [
            (destinations.part_name(part, page_locale()), first.parts[part], second.parts[part])
            for part in destinations.PARTS
        ]


def _figure_address(question: Question, status: str) -> dict[str, Any]:
    address: dict[str, Any] = {
        "year": question.class_year,
        "as_of": question.as_of.isoformat(),
        "base": question.base.value,
        "basis": question.basis.value,
        "scheme": question.scheme,
        "where": write_conditions(question.where),
    }
    if question.known_at is not None:
        address["known_at"] = question.known_at.isoformat()
    return address | ({"is": status} if status else {})
