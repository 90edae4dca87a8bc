"""Reads of pairings: who helps whom, by which link, and what they wrote."""

from placement.pairing.queries.links import (
    linked_among,
    links_of,
    mailed_since,
    opened_by,
)
from placement.pairing.queries.pairings import (
    WITH_HELP,
    Helping,
    help_of,
    helpings_in,
    helpings_of,
    objected_to,
    running_pairings,
    state_of,
    students_by_helper,
    visible_pairings,
    word_missing,
)
from placement.pairing.queries.words import (
    last_words,
    opened_word,
    word_among,
    word_of,
    words_by_links,
)

__all__ = [
    "WITH_HELP",
    "Helping",
    "help_of",
    "helpings_in",
    "helpings_of",
    "last_words",
    "linked_among",
    "links_of",
    "mailed_since",
    "objected_to",
    "opened_by",
    "opened_word",
    "running_pairings",
    "state_of",
    "students_by_helper",
    "visible_pairings",
    "word_among",
    "word_missing",
    "word_of",
    "words_by_links",
]
