"""The words of outcomes, in the page's language."""

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from placement.outcomes.models import Outcome
from placement.outcomes.queries import OutcomeStory
from placement.reference import destinations, positions
from placement.reference.outcome_rules import PAPER_KINDS, paper_name, rule_for

_STATES = {
    "void": (_("taken back"), ""),
    "disputed": (_("in dispute"), "late"),
    "verified": (_("verified"), "good"),
    "rejected": (_("rejected"), "late"),
    "reported": (_("not yet verified"), "due"),
    "believed": (_("recorded"), ""),
}

_UNMET = {
    "paper": _("A paper that the rule of this code asks for is not here."),
    "pay_unknown": _("The pay is not recorded; the rule asks for the minimum wage at least."),
    "pay_below": _("The pay is below the minimum wage of the place."),
    "floor_unknown": _("Nobody has entered the minimum wage of the place, so it was not compared."),
}


def unmet_word(code: str) -> str:
    """What is not there, in a sentence."""
    return str(_UNMET[code])


def paper_word(kind: str) -> str:
    """The name of a kind of paper."""
    return paper_name(kind, str(get_locale() or "en"))


def paper_choices(outcome: Outcome) -> list[SelectChoice]:
    """The kinds of papers to choose from, those that the rule asks for first."""
    asked = rule_for(outcome.code, outcome.effective_on).papers
    rest = [kind for kind in PAPER_KINDS if kind not in asked]
    order = [*asked, *rest] if asked else [rest[-1], *rest[:-1]]
    return [SelectChoice(kind, paper_word(kind)) for kind in order]


def papers_asked(story: OutcomeStory) -> list[str]:
    """The kinds of papers of which the rule asks for one, in words; empty once one is there."""
    asked = rule_for(story.outcome.code, story.outcome.effective_on).papers
    there = {paper.kind for paper in story.evidence}
    if story.state not in {"reported", "rejected"} or there & set(asked):
        return []
    return [paper_word(kind) for kind in asked if kind]


def one_click(story: OutcomeStory) -> bool:
    """Whether the list may offer to verify at once: the paper is there and no more is asked."""
    rule = rule_for(story.outcome.code, story.outcome.effective_on)
    kinds = {paper.kind for paper in story.evidence}
    papers = not rule.papers or bool(kinds & set(rule.papers))
    return papers and not rule.minimum_wage and not rule.both


def destination(code: str) -> str:
    """The name of a destination code."""
    return destinations.name(code, str(get_locale() or "en"))


def position_word(written: str) -> str:
    """The name of a position: of its code, as files give it, else as it was written."""
    known = written in positions.codes
    return positions.name(written, str(get_locale() or "en")) if known else written


def story_word(story: OutcomeStory) -> str:
    """What became of an outcome, in a word."""
    return str(_STATES[story.state][0])


def story_tone(story: OutcomeStory) -> str:
    """The tone that the state is shown in."""
    return _STATES[story.state][1]
