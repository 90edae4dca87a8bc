"""The words of notices for pages and exports, in the page's language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from placement.notices.models import Channel, DeliveryState, Notice, NoticeKind

# In the order of the bar: what is done, what moves, what waits, what is wrong, what is left out.
STATES = {
    DeliveryState.DELIVERED: (_l("arrived"), "good"),
    DeliveryState.SENT: (_l("sent"), "good"),
    DeliveryState.SENDING: (_l("being sent"), "1"),
    DeliveryState.CLAIMED: (_l("next in line"), "2"),
    DeliveryState.PENDING: (_l("waiting"), "3"),
    DeliveryState.HELD: (_l("held back"), "none"),
    DeliveryState.UNCERTAIN: (_l("in doubt"), "due"),
    DeliveryState.UNCERTAIN_FINAL: (_l("doubt stays"), "due"),
    DeliveryState.BOUNCED: (_l("returned"), "late"),
    DeliveryState.FAILED: (_l("refused"), "late"),
    DeliveryState.EXPIRED: (_l("too late"), "late"),
    DeliveryState.SKIPPED: (_l("left out"), "none"),
}
CHANNELS = {Channel.MAIL: _l("Mail"), Channel.SMS: _l("SMS"), Channel.INBOX: _l("Inbox")}
KINDS = {
    NoticeKind.FAIR: _l("Job fair"),
    NoticeKind.REMINDER: _l("Reminder of a job fair"),
    NoticeKind.JOBS: _l("New jobs"),
    NoticeKind.OUTCOME: _l("An outcome to look at"),
    NoticeKind.PAPERS: _l("A paper that expires"),
    NoticeKind.DIGEST: _l("Digest"),
    NoticeKind.ACTIVATION: _l("Activation code"),
    NoticeKind.PASSWORD: _l("Code for a new password"),
    NoticeKind.FOLLOW_UP: _l("Follow-up"),
    NoticeKind.PLACE: _l("Place at a job fair"),
    NoticeKind.MOVED: _l("Change of a job fair"),
    NoticeKind.CALLED_OFF: _l("Job fair called off"),
    NoticeKind.ADDRESS: _l("Link to confirm a mail address"),
    NoticeKind.HELPER: _l("Link for the helper"),
    NoticeKind.TEST: _l("Test of a notice"),
    NoticeKind.REPORT: _l("Report by mail"),
    NoticeKind.HAND_OVER: _l("Hand-over that waits for your answer"),
    NoticeKind.VERIFICATION: _l("Outcomes that wait for verification"),
    NoticeKind.DAY: _l("The day's list of today"),
}
REASONS = {
    "quiet_hours": _l("quiet hours"),
    "quiet_hours_over": _l("quiet hours are over"),
    "digest": _l("waits for their next digest"),
    "digest_alone": _l("nothing else came: it goes out by itself"),
    "in_digest": _l("put into their digest"),
    "rhythm_changed": _l("they chose how often to be written to"),
    "paused": _l("the notice was paused"),
    "resumed": _l("the notice was resumed"),
    "cancelled": _l("the notice was cancelled"),
    "opted_out": _l("does not want such notices"),
    "suppressed": _l("the address was given up after refusals"),
    "no_address": _l("no address is known"),
    "recipient_gone": _l("no longer in the register"),
    "expired": _l("it could not go out in time"),
    "sender_lost": _l("the sender was cut off while it was being sent"),
    "no_answer": _l("the other side took it and gave no answer"),
    "second_copy": _l("sent once more under the same number"),
    "lease_over": _l("the sender was lost before it was sent"),
    "handed_over": _l("given back for the next sender"),
    "address_refused": _l("there is no such address"),
    "content_refused": _l("the text was refused"),
    "server_refused": _l("the server refused it"),
    "throttle_deferred": _l("the server asked to wait"),
    "server_deferred": _l("the server had a fault"),
    "network_deferred": _l("the connection broke"),
    "late_evidence": _l("the answer came late: it was sent"),
    "resolved_arrived": _l("a person decided: it arrived"),
    "resolved_send_again": _l("a person decided: once more"),
    "resolved_leave": _l("a person decided: leave it"),
    "retried": _l("a person decided: try again what was refused"),
    "text_refused": _l("its text was refused again and again"),
    "log_in_refused": _l("the server refuses our log-in"),
    "no_safe_log_in": _l("the server offers no safe connection"),
    "sender_refused": _l("the server refuses our sender address"),
    "gateway_unpaid": _l("the gateway wants to be paid"),
    "auth_deferred": _l("the server refuses our log-in"),
    "receipt_arrived": _l("the gateway reports that it arrived"),
    "receipt_failed": _l("the gateway reports that it did not arrive"),
    "bounced_hard": _l("it came back: there is no such address"),
    "bounced_soft": _l("it came back: the mailbox did not take it"),
}


def state_word(state: DeliveryState) -> str:
    """The word of a state."""
    return str(STATES[state][0])


def state_tone(state: DeliveryState) -> str:
    """The tone of a state for the `state` macro."""
    tone = STATES[state][1]
    return tone if tone in {"good", "due", "late"} else ""


def channel_word(channel: Channel) -> str:
    """The name of a channel."""
    return str(CHANNELS[channel])


def kind_word(kind: NoticeKind) -> str:
    """What a kind of notice is about."""
    return str(KINDS[kind])


def reason_word(code: str | None) -> str:
    """What a code of a reason means; an unknown one stands as it is."""
    if not code:
        return ""
    return str(REASONS.get(code, code))


def notice_title(notice: Notice) -> str:
    """What a notice is called on the pages of those who sent it."""
    title = notice.values.get("title")
    if title and notice.kind is NoticeKind.REMINDER:
        return str(_("Reminder: %(title)s", title=title))
    if title:
        return str(title)
    return str(_("Job fair") if notice.kind is NoticeKind.FAIR else _("Notice"))


__all__ = [
    "CHANNELS",
    "KINDS",
    "REASONS",
    "STATES",
    "channel_word",
    "kind_word",
    "notice_title",
    "reason_word",
    "state_tone",
    "state_word",
]
