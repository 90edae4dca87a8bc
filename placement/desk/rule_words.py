"""The rulebook in words, in the page's language."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from placement.reference import categories, kinds, list_kinds
from placement.reference.subsidies import paper_name, subsidy_of
from placement.rulebook.models import RuleSet
from placement.web.filters import number
from placement.web.words import ByMember

RULE_SETS: ByMember[LazyString] = ByMember(
    [
        (RuleSet.SERVICE, _l("Service owed")),
        (RuleSet.CONTACTS, _l("Intervals of contact")),
        (RuleSet.SUBSIDIES, _l("Subsidies")),
    ]
)
COUNTED_BY_RULES: ByMember[LazyString] = ByMember(
    [
        (RuleSet.SERVICE, _l("have all that is owed")),
        (RuleSet.CONTACTS, _l("are in touch")),
        (RuleSet.SUBSIDIES, _l("are probably entitled and may apply")),
    ]
)
"""What is counted of people before and after a change."""


def rule_told(set_: RuleSet, row: Mapping[str, str], locale: str) -> list[str]:
    """What a rule says, line by line."""
    if set_ is RuleSet.SERVICE:
        listed = _(", ").join(kinds.actions.name(kind, locale) for kind in row["kinds"].split(";"))
        return [
            _(
                "%(needed)s within %(days)s days of the opening",
                needed=row["needed"],
                days=row["within_days"],
            ),
            _("counted: %(kinds)s", kinds=listed),
        ]
    if set_ is RuleSet.CONTACTS:
        return [
            _(
                "every %(days)s days, from month %(first)s to %(last)s",
                days=row["days"],
                first=row["from_month"],
                last=row["to_month"],
            )
        ]
    return _subsidy_told(row, locale)


def _subsidy_told(row: Mapping[str, str], locale: str) -> list[str]:
    subsidy = subsidy_of(row)
    classes = _(", ").join(
        list_kinds.name(code, locale) if code in list_kinds.codes else categories.name(code, locale)
        for code in subsidy.classes
    )
    who = _("who seeks work") if subsidy.seeking else _("outcomes %(codes)s", codes=row["outcomes"])
    papers = _(", ").join(paper_name(paper, locale) for paper in subsidy.papers)
    amount = _("%(yuan)s yuan", yuan=number(subsidy.amount)) if subsidy.amount else ""
    opens, closes = (_end_told(row, end) for end in ("opens", "closes"))
    lines = [
        amount,
        _("for: %(who)s", who=_("; ").join(filter(None, [who, classes]))),
        _("from %(opens)s to %(closes)s", opens=opens, closes=closes),
        _("papers: %(papers)s", papers=papers) if papers else "",
    ]
    return [line for line in lines if line]


def _end_told(row: Mapping[str, str], end: str) -> str:
    years = int(row[f"{end}_year"])
    if years < 0:
        return str(_("%(day)s before graduation", day=row[end]))
    if years == 0:
        return str(_("%(day)s in the year of graduation", day=row[end]))
    return str(_("%(day)s, %(num)d years after graduation", day=row[end], num=years))
