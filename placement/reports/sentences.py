"""Why one person counts as they do, in sentences for a reader who knows no codes."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from placement.reference import categories, destinations, standings
from placement.reference.tables import read_rows
from placement.reports.dimensions import Dimension, label
from placement.reports.queries.histories import WhyCounted
from placement.reports.questions import Base, Basis
from placement.reports.verdicts import (
    BEGINS_LATER,
    DECIDES,
    ENDED,
    FIRST_KNOWN,
    HOLDS,
    MEMBERSHIP,
    NO_MEMBERSHIP,
    NOT_CONFIRMED,
    OTHER_CLASS,
    OUTCOME,
    REJECTED,
    REPLACED,
    STANDING,
    UNDONE,
    UNVERIFIED,
    WITHDRAWN,
    HistoryRow,
)
from placement.reports.words import page_locale, reason_word

_ABSENT = {
    UNDONE: lazy_gettext("the import that brought this student was taken back"),
    OTHER_CLASS: lazy_gettext("on this day the student belongs to another class year"),
    NO_MEMBERSHIP: lazy_gettext("no confirmed category holds on this day"),
}
_VERDICTS = {
    WITHDRAWN: lazy_gettext("Was taken back, so it counts no more."),
    BEGINS_LATER: lazy_gettext("Begins after the day asked."),
    REPLACED: lazy_gettext("A later one takes its place."),
    FIRST_KNOWN: lazy_gettext("None holds yet on the day; this one, the next to come, is taken."),
    NOT_CONFIRMED: lazy_gettext("Was never confirmed, so it counts for nothing."),
    ENDED: lazy_gettext("Had ended by the day asked."),
    REJECTED: lazy_gettext("Was rejected, so it does not count."),
    UNVERIFIED: lazy_gettext("Is a placement that nobody verified, so it does not count yet."),
    DECIDES: lazy_gettext("Decides: it is the last that counts on this day."),
}
_HOLDS = {
    MEMBERSHIP: lazy_gettext("Holds on this day, so the student is in the register."),
    STANDING: lazy_gettext("Holds on this day."),
}
_STATES = {
    "verified": lazy_gettext("verified"),
    "rejected": lazy_gettext("rejected"),
    "confirmed": lazy_gettext("confirmed"),
    "pending": lazy_gettext("to be confirmed"),
}
_ATTRIBUTES = {
    "level": Dimension.LEVEL,
    "sex": Dimension.SEX,
    "ethnic_group": Dimension.ETHNIC,
    "origin": Dimension.ORIGIN,
    "origin_division": Dimension.COUNTY,
    "college": Dimension.COLLEGE,
}


def counted_as(explanation: WhyCounted) -> str:
    """How somebody is counted: such as 'placed, as Flexible work'."""
    if explanation.absent is not None:
        return str(_("in no figure: not in the register of the class"))
    if explanation.part is None:
        return str(_("registered, and left out of the denominator"))
    part = destinations.part_name(
        explanation.part, page_locale(), explanation.reading.question.scheme
    )
    if explanation.placed:
        return str(_("placed, as %(part)s", part=part))
    if explanation.code is None:
        return str(_("not placed and unknown, as %(part)s", part=part))
    return str(_("not placed, as %(part)s", part=part))


def because(explanation: WhyCounted) -> str:
    """Why, in half a sentence."""
    if explanation.absent is not None:
        return str(_ABSENT[explanation.absent])
    if explanation.part is None:
        return str(
            _("the standing on this day is %(standing)s", standing=reason_word(explanation.reason))
        )
    return reason_word(explanation.reason)


def what(row: HistoryRow, universities: Mapping[str, str], scheme: str) -> str:
    """What a row of history says."""
    locale = page_locale()
    if row.kind == MEMBERSHIP:
        return categories.name(row.key, locale)
    if row.kind == STANDING:
        return standings.name(row.key, locale)
    if row.kind == OUTCOME:
        return f"{row.key} {destinations.name(row.key, locale)}"
    values = row.values or {}
    university = values["university"] or ""
    known = [
        label(_ATTRIBUTES[name], code, universities=universities, scheme=scheme, locale=locale)
        for name, code in values.items()
        if name in _ATTRIBUTES and code
    ]
    class_year = _("class of %(year)s", year=row.key)
    return " · ".join([class_year, universities.get(university, university), *known])


def verdict(row: HistoryRow) -> str:
    """What became of a row."""
    if row.verdict == DECIDES and row.disputed:
        return str(_("Decides, but is in dispute, so it does not count as a placement."))
    if row.verdict == HOLDS:
        return str(_HOLDS.get(row.kind, _("Holds on this day and says who the student is.")))
    return str(_VERDICTS[row.verdict])


def state(row: HistoryRow) -> str:
    """What was decided about a row; for an outcome that nobody judged, that."""
    if row.kind == OUTCOME and not row.state:
        return str(_("not yet verified"))
    return str(_STATES.get(row.state, ""))


def rules(explanation: WhyCounted) -> list[tuple[str, str, str]]:
    """The rules that decided: the name of each, what it says, and where it comes from."""
    question = explanation.reading.question
    source = scheme_source(question.scheme)
    found = [
        ("register", _register_rule(question.class_year), ""),
        ("base", _base_rule(question.base), source),
        (
            "last_outcome",
            _(
                "The last outcome on or before the day decides; of two from one day, the one"
                " recorded later."
            ),
            "",
        ),
        ("basis", _basis_rule(question.basis), ""),
        ("scheme", _scheme_rule(explanation.code, question.scheme), source),
        (
            "known_at",
            _(
                "Only what was recorded by the moment of the answer is read, less what was"
                " taken back."
            ),
            "",
        ),
    ]
    return [(name, str(words), origin) for name, words, origin in found if words]


def _scheme_rule(code: str | None, scheme: str) -> str:
    if code not in destinations.codes or code is None:
        return ""
    part = destinations.part(code, scheme)
    named = destinations.part_name(part, page_locale(), scheme)
    if destinations.is_placed_part(part):
        return str(
            _(
                "Under scheme %(scheme)s the code %(code)s belongs to %(part)s, which counts as"
                " placed.",
                scheme=scheme,
                code=code,
                part=named,
            )
        )
    return str(
        _(
            "Under scheme %(scheme)s the code %(code)s belongs to %(part)s, which does not count"
            " as placed.",
            scheme=scheme,
            code=code,
            part=named,
        )
    )


def scheme_source(scheme: str) -> str:
    """The document that a scheme comes from."""
    return next(row["source"] for row in read_rows("schemes") if row["code"] == scheme)


def _register_rule(class_year: int) -> str:
    return str(
        _(
            "In the register of %(year)d is who belongs to that class and holds a confirmed"
            " category on the day; an end after %(closes)s takes nobody out.",
            year=class_year,
            closes=f"{class_year}-12-31",
        )
    )


def _base_rule(base: Base) -> str:
    if base is Base.REGISTERED:
        return str(_("The denominator is everybody in the register."))
    names = ", ".join(standings.name(code, page_locale()) for code in standings.left_out)
    return str(_("The denominator is the register less these standings: %(names)s.", names=names))


def _basis_rule(basis: Basis) -> str:
    if basis is Basis.REPORTED:
        return str(_("Every outcome counts that is not rejected."))
    return str(
        _(
            "A placement counts once it is verified and while it is not in dispute; that somebody"
            " needs work is believed without."
        )
    )
