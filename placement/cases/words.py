"""The words of a case, in the page's language."""

import enum
from collections.abc import Iterable

from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _
from wtforms import SelectChoice

from placement.cases.models import (
    Action,
    ActionState,
    AnswerKind,
    ApprovalState,
    Barrier,
    BarrierState,
    CloseReason,
    FollowUpMethod,
    FollowUpResult,
    GoalState,
)
from placement.reference import kinds
from placement.vocabulary.queries import Word
from placement.web.words import ByMember

WORDS: ByMember[LazyString] = ByMember(
    [
        (FollowUpMethod.CALL, _("Call")),
        (FollowUpMethod.VISIT, _("Visit")),
        (FollowUpMethod.OFFICE, _("In the office")),
        (FollowUpMethod.MESSAGE, _("Message")),
        (FollowUpMethod.GROUP, _("Group talk")),
        (FollowUpResult.REACHED, _("Reached")),
        (FollowUpResult.NO_ANSWER, _("No answer")),
        (FollowUpResult.WRONG_NUMBER, _("Wrong number")),
        (FollowUpResult.CALL_BACK, _("Will call back")),
        (FollowUpResult.REFUSED, _("Does not want to talk")),
        (BarrierState.OPEN, _("stands")),
        (BarrierState.EASED, _("eased")),
        (BarrierState.OVERCOME, _("overcome")),
        (GoalState.OPEN, _("under way")),
        (GoalState.REACHED, _("reached")),
        (GoalState.DROPPED, _("dropped")),
        (ActionState.PLANNED, _("planned")),
        (ActionState.DOING, _("begun")),
        (ActionState.DONE, _("done")),
        (ActionState.DROPPED, _("given up")),
        (AnswerKind.ACCEPTED, _("the student agrees")),
        (AnswerKind.QUESTIONED, _("the student asks")),
        (ApprovalState.ASKED, _("waits to be approved")),
        (ApprovalState.APPROVED, _("approved")),
        (ApprovalState.RETURNED, _("sent back")),
        (ApprovalState.WITHDRAWN, _("not put forward")),
        (CloseReason.PLACED, _("Placed")),
        (CloseReason.DECLINED_HELP, _("Declined further help")),
        (CloseReason.LEFT_REGISTER, _("Left the register")),
        (CloseReason.NOT_SEEKING, _("Does not seek work for now")),
        (CloseReason.HANDED_OVER, _("Handed over to the home county")),
        (CloseReason.DECEASED, _("Deceased")),
    ]
)

TONES: ByMember[str] = ByMember(
    [
        (BarrierState.EASED, "act"),
        (BarrierState.OVERCOME, "good"),
        (GoalState.OPEN, "act"),
        (GoalState.REACHED, "good"),
        (ActionState.DOING, "act"),
        (ActionState.DONE, "good"),
        (AnswerKind.ACCEPTED, "good"),
        (AnswerKind.QUESTIONED, "due"),
        (ApprovalState.ASKED, "due"),
        (ApprovalState.APPROVED, "good"),
        (ApprovalState.RETURNED, "late"),
        (FollowUpResult.REACHED, "good"),
        (FollowUpResult.NO_ANSWER, "due"),
        (FollowUpResult.WRONG_NUMBER, "late"),
    ]
)


def word(member: enum.StrEnum) -> LazyString:
    """The word of a member of one of the case's enumerations."""
    return WORDS[member]


def kind_word(noted: Barrier | Action) -> str:
    """What the kind of a barrier or an action is called: with the word of the day it was noted."""
    locale = str(get_locale() or "en")
    if noted.term is not None:
        return noted.term.label(locale)
    first = kinds.barriers if isinstance(noted, Barrier) else kinds.actions
    return first.name(noted.kind.value, locale)


def word_choices(words: Iterable[Word]) -> list[SelectChoice]:
    """The words of a list as the choices of a field, by their code."""
    locale = str(get_locale() or "en")
    return [SelectChoice(word.code, word.label(locale)) for word in words]


def tone(member: enum.StrEnum) -> str:
    """The tone that a state is shown in: good, act, due, late or none."""
    return TONES.get(member, "")


def select_choices(members: Iterable[enum.StrEnum]) -> list[SelectChoice]:
    """The members as the choices of a field."""
    return [SelectChoice(member.value, word(member)) for member in members]
