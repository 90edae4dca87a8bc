"""The words of drafts for pages and exports, in the page's language."""

from flask_babel import lazy_gettext as _

from placement.composing.models import DraftState, NoticeDraft
from placement.notices.models import Channel
from placement.notices.words import CHANNELS, REASONS

STATES = {
    DraftState.DRAFT: (_("draft"), ""),
    DraftState.WAITING: (_("waits for release"), "due"),
    DraftState.SCHEDULED: (_("released, waits for its time"), "act"),
    DraftState.SENT: (_("gone out"), "good"),
    DraftState.DISCARDED: (_("discarded"), ""),
}
SETBACKS = {
    "text_changed": _("the fair or a text was changed after it was agreed to"),
    "fair_over": _("the fair is over or was cancelled"),
    "already_announced": _("the same was announced to the same audience meanwhile"),
    "channel_not_offered": _("a channel is not set up any more"),
    "reminder_day": _("its reminder would come too late for the fair"),
    "invalid_value": _("nobody was left in the audience"),
}
LEFT_OUT = {
    "left": _("no longer studies here: withdrawn, transferred or deceased"),
    "named": _("named to be left out"),
    "answered": _("has answered already"),
    "placed": _("has found a place"),
    "opted_out": _("does not want such notices"),
    "contacted": _("was written to lately"),
}
WAYS = {**{channel.value: word for channel, word in CHANNELS.items()}, "none": _("left out")}


def draft_state_word(state: DraftState) -> str:
    """The word of a state."""
    return str(STATES[state][0])


def draft_state_tone(state: DraftState) -> str:
    """The tone of a state for the `state` macro."""
    return STATES[state][1]


def setback_word(draft: NoticeDraft) -> str:
    """Why a draft was set back; an unknown code stands as it is."""
    return str(SETBACKS.get(draft.setback or "", draft.setback or ""))


def missed_word(reason: str, way: str = "") -> str:
    """Why somebody is not reached by a way, or was left out."""
    if way == Channel.INBOX:
        return str(_("has no account yet; it waits in the inbox for them"))
    words = LEFT_OUT if way == "none" else REASONS
    return str(words.get(reason, reason))


def way_word(way: str) -> str:
    """The name of a way, or that the choice left somebody out."""
    return str(WAYS[way])
