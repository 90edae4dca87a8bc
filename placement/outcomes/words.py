"""The words of outcomes, in the page's language."""

from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from placement.outcomes.queries import OutcomeStory
from placement.reference import destinations

_STATES = {
    "void": (_("taken back"), ""),
    "disputed": (_("in dispute"), "late"),
    "verified": (_("verified"), "good"),
    "rejected": (_("rejected"), "late"),
    "reported": (_("not yet verified"), "due"),
    "believed": (_("recorded"), ""),
}


def destination(code: str) -> str:
    """The name of a destination code."""
    return destinations.name(code, str(get_locale() or "en"))


def story_word(story: OutcomeStory) -> str:
    """What became of an outcome, in a word."""
    return str(_STATES[story.state][0])


def story_tone(story: OutcomeStory) -> str:
    """The tone that the state is shown in."""
    return _STATES[story.state][1]
