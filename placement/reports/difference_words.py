"""The causes of a difference, and what somebody was in a figure, in the language of the page."""

from collections.abc import Mapping
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from placement.reference import change_causes, destinations, report_words, standings
from placement.reports.dimensions import DISPUTED, Dimension, label
from placement.reports.queries.explanations import Explanation
from placement.reports.queries.reconciliations import Figure, Reconciliation
from placement.reports.questions import Question
from placement.reports.reconciliation.causes import Cause
from placement.reports.reconciliation.differences import Change
from placement.reports.reconciliation.places import Place
from placement.reports.reconciliation.printed import PLACED, RATE, TOTAL
from placement.reports.reconciliation.steps import Aspect
from placement.reports.words import BASES, BASES_OF_EVIDENCE, DIMENSIONS, page_locale

ASPECTS = {
    Aspect.WHERE: lazy_gettext("the selection"),
    Aspect.BASE: lazy_gettext("the denominator"),
    Aspect.SCHEME: lazy_gettext("the scheme"),
    Aspect.BASIS: lazy_gettext("the basis of outcomes"),
    Aspect.AS_OF: lazy_gettext("the day"),
    Aspect.KNOWN_AT: lazy_gettext("the moment of knowledge"),
}
PRINTED = {
    TOTAL: lazy_gettext("printed people"),
    PLACED: lazy_gettext("printed placed"),
    RATE: lazy_gettext("printed rate"),
}


def cause_word(cause: Cause) -> str:
    """A cause in words, with the standing, the dimension or the code that it names."""
    words = change_causes.name(cause.code, page_locale())
    if not cause.key:
        return words
    return str(_("%(cause)s (%(key)s)", cause=words, key=_key_word(cause)))


def _key_word(cause: Cause) -> str:
    kind = change_causes.key_of(cause.code)
    if kind == "standing":
        return standings.name(cause.key, page_locale())
    if kind == "code":
        return _code_word(cause.key)
    return str(DIMENSIONS[Dimension(cause.key)])


def _code_word(code: str) -> str:
    return f"{code} {destinations.name(code, page_locale())}"


def place_word(place: Place | None) -> str:
    """What somebody was in a figure: placed as what and from when, or why not."""
    if place is None:
        return str(_("not among them"))
    if place.left_out:
        standing = standings.name(place.standing, page_locale())
        return str(_("not counted: %(standing)s", standing=standing))
    if place.code is None or place.code == DISPUTED:
        return report_words.reason(place.reason, page_locale())
    part = destinations.part_name(place.part, page_locale(), place.scheme)
    outcome = f"{_code_word(place.code)} · {part}"
    if place.outcome_on is None:
        return outcome
    return str(_("%(outcome)s, from %(day)s", outcome=outcome, day=place.outcome_on.isoformat()))


def change_words(
    answer: Reconciliation, change: Change, universities: Mapping[str, str]
) -> tuple[str, str]:
    """What somebody was in the first figure and is in the second; where they moved, from where."""
    words = (place_word(change.before), place_word(change.after))
    if not change.keys[0]:
        return words
    dimension = Dimension(change.cause.key)
    named = [
        " ".join(
            label(
                dimension,
                part,
                universities=universities,
                scheme=answer.second.question.scheme,
                locale=page_locale(),
            )
            for part in key.split("+")
        )
        for key in change.keys
    ]
    return (f"{named[0]} · {words[0]}", f"{named[1]} · {words[1]}")


def question_word(question: Question) -> str:
    """What a figure is, in one line: the day, the denominator, the basis, the scheme."""
    line = _(
        "as of %(day)s, over %(base)s, outcomes %(basis)s, scheme %(scheme)s",
        day=question.as_of.isoformat(),
        base=str(BASES[question.base]),
        basis=str(BASES_OF_EVIDENCE[question.basis]),
        scheme=question.scheme,
    )
    return str(line)


def figure_line(figure: Figure) -> str:
    """A figure in one line: what it is, its counts and its rate."""
    row = figure.row
    line = _(
        "%(question)s: %(registered)s registered, %(counted)s counted, %(placed)s placed, %(rate)s",
        question=question_word(figure.question),
        registered=f"{row.registered:,}",
        counted=f"{row.denominator:,}",
        placed=f"{row.placed:,}",
        rate=rate_word(row.rate),
    )
    return str(line)


def rate_word(rate: Decimal | None) -> str:
    """A rate with its sign, a dash over nobody."""
    return "–" if rate is None else f"{rate:.2f} %"


def number_word(value: Decimal | int) -> str:
    """A difference with its sign, a rate's with two decimals: +159, −0.45."""
    text = f"{value:+.2f}" if isinstance(value, Decimal) else f"{value:+,}"
    return "0" if value == 0 else text.replace("-", "−")


def printed_lines(answer: Explanation) -> list[str]:
    """What can be said of a printed figure: does it follow, which answers give it, what is left."""
    printed = answer.printed
    if printed is None:
        return []
    lines = []
    if printed.contradicts_itself:
        line = _(
            "The printed numbers do not follow from each other: %(placed)s of %(total)s are"
            " %(own)s, not %(rate)s.",
            placed=f"{printed.placed:,}",
            total=f"{printed.total:,}",
            own=rate_word(printed.own_rate),
            rate=rate_word(printed.rate),
        )
        lines.append(str(line))
    if printed.totals_of_rate is not None and (printed.contradicts_itself or not printed.total):
        least, most = printed.totals_of_rate
        line = _(
            "%(placed)s placed are %(rate)s of %(least)s to %(most)s people.",
            placed=f"{printed.placed:,}",
            rate=rate_word(printed.rate),
            least=f"{least:,}",
            most=f"{most:,}",
        )
        lines.append(str(line))
    lost = [PRINTED[name] for name in printed.names if name not in answer.found]
    return lines + [str(_("No answer of ours gives the %(number)s.", number=one)) for one in lost]


def unexplained_lines(answer: Explanation) -> list[str]:
    """What of a printed figure our nearest answer does not say: another of ours does, or none."""
    if answer.printed is None:
        return []
    left = {name: value for name, value in answer.unexplained.items() if value}
    elsewhere = [str(PRINTED[name]) for name in left if name in answer.found]
    nowhere = [
        f"{PRINTED[name]} {number_word(left[name])}" for name in left if name not in answer.found
    ]
    lines = []
    if elsewhere:
        line = _(
            "Taken from another of our answers than the rest: %(numbers)s.",
            numbers=", ".join(elsewhere),
        )
        lines.append(str(line))
    if nowhere:
        line = _("Not explained by our nearest answer: %(numbers)s.", numbers=", ".join(nowhere))
        lines.append(str(line))
    return lines or [str(_("Nothing of the printed figure is left unexplained."))]


def difference_lines(answer: Explanation) -> list[str]:
    """The whole explanation in lines of text, the table of the causes apart."""
    found = answer.difference
    lines = [
        f"1  {figure_line(found.first)}",
        f"2  {figure_line(found.second)}",
        *printed_lines(answer),
    ]
    for one in answer.candidates:
        names = ", ".join(str(PRINTED[name]) for name in (TOTAL, PLACED, RATE) if name in one.gives)
        line = _(
            "%(figure)s gives: %(numbers)s",
            figure=figure_line(Figure(one.question, one.row)),
            numbers=names,
        )
        lines.append(str(line))
    return [*lines, *unexplained_lines(answer)]
