"""The words of fairs for pages and exports, in the page's language."""

import enum
from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from placement.fairs.models import FairState, ItemKind, ResultKind, SignUpState
from placement.web.words import ByMember

WORDS: ByMember[LazyString] = ByMember(
    [
        (SignUpState.COMING, _l("comes")),
        (SignUpState.WAITING, _l("in line")),
        (SignUpState.WITHDRAWN, _l("does not come")),
        (FairState.DRAFT, _l("draft")),
        (FairState.OPEN, _l("sign-up open")),
        (FairState.HELD, _l("took place")),
        (FairState.CANCELLED, _l("cancelled")),
        (ItemKind.TALK, _l("Talk")),
        (ItemKind.INTERVIEWS, _l("Interviews")),
        (ItemKind.ADVICE, _l("Advice")),
        (ItemKind.OTHER, _l("Something else")),
        (ResultKind.INTERVIEW, _l("interview agreed")),
        (ResultKind.OFFER, _l("job offered")),
        (ResultKind.INTENT, _l("mean to sign")),
        (ResultKind.NO_INTEREST, _l("no interest")),
    ]
)
TONES: ByMember[str] = ByMember(
    [
        (FairState.DRAFT, "due"),
        (FairState.OPEN, "good"),
        (FairState.CANCELLED, "late"),
        (ResultKind.INTERVIEW, "act"),
        (ResultKind.OFFER, "good"),
        (ResultKind.INTENT, "good"),
    ]
)


def word(member: enum.StrEnum) -> str:
    """The word of a state, a kind or a result."""
    return str(WORDS[member])


def tone(member: enum.StrEnum) -> str:
    """The tone that it is shown in: good, act, due, late or none."""
    return TONES.get(member, "")


def select_choices(members: Iterable[enum.StrEnum]) -> list[SelectChoice]:
    """The members as the choices of a field."""
    return [SelectChoice(member.value, WORDS[member]) for member in members]


def state_word(state: SignUpState) -> str:
    """What a student answered."""
    return word(state)
