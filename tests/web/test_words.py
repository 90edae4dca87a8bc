"""Words that belong to members of enumerations."""

import enum

import pytest

from placement.web.words import ByMember


class Call(enum.StrEnum):
    """How a call went."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"


class Goal(enum.StrEnum):
    """How a goal stands."""

    REACHED = "reached"


def test_members_of_the_same_text_keep_their_own_words():
    words = ByMember([(Call.REACHED, "talked with"), (Goal.REACHED, "attained")])

    assert words[Call.REACHED] == "talked with"
    assert words[Goal.REACHED] == "attained"


def test_member_without_a_word_is_an_error_or_the_given_default():
    words = ByMember([(Call.REACHED, "talked with")])

    with pytest.raises(KeyError):
        words[Goal.REACHED]
    assert words.get(Call.NO_ANSWER, "plain") == "plain"


def test_two_words_for_one_member_are_refused():
    with pytest.raises(ValueError, match="two values"):
        ByMember([(Call.REACHED, "talked with"), (Call.REACHED, "spoke to")])
