"""The words of notices: what they are about, by which ways they go, where they stand."""

import enum


class NoticeKind(enum.StrEnum):
    """What a notice is about; people opt out of a kind, never of their account's safety."""

    FAIR = "fair"
    ACTIVATION = "activation"
    PASSWORD = "password"  # noqa: S105 - the kind of a notice
    FOLLOW_UP = "follow_up"
    PLACE = "place"
    """A place at a fair became free for who waited for it."""
    MOVED = "moved"
    CALLED_OFF = "called_off"
    """Both of a fair for which they signed up: another day, hour or place; it is cancelled."""
    ADDRESS = "address"
    """A member of staff is to confirm a new mail address, which it goes to."""
    REPORT = "report"
    """A report is there that a member of staff asked for by mail."""
    HAND_OVER = "hand_over"
    """A student was offered to a counselor, who is to answer."""
    VERIFICATION = "verification"
    """Outcomes wait for their university to look at them."""
    DAY = "day"
    """How many people stand on a counselor's list of today."""
    REMINDER = "reminder"
    """Of a fair, for who was told of it and has not answered."""
    JOBS = "jobs"
    OUTCOME = "outcome"
    PAPERS = "papers"
    """A paper of theirs expires; which, and what for, no message says."""
    DIGEST = "digest"
    """What could wait, in one mail."""
    HELPER = "helper"
    """The link of somebody who helps one student and has no account."""
    TEST = "test"
    """A notice of a fair as its composer sends it to themselves before it goes out."""


ACCOUNT_KINDS = (
    NoticeKind.ACTIVATION,
    NoticeKind.PASSWORD,
    NoticeKind.ADDRESS,
    NoticeKind.HELPER,
    NoticeKind.TEST,
)
"""What somebody is waiting for: goes out at any hour and cannot be opted out of."""
STAFF_KINDS = (
    NoticeKind.REPORT,
    NoticeKind.HAND_OVER,
    NoticeKind.VERIFICATION,
    NoticeKind.DAY,
)
"""What staff alone get; each may be opted out of."""
PERSONAL_KINDS = (
    *ACCOUNT_KINDS,
    *STAFF_KINDS,
    NoticeKind.PLACE,
    NoticeKind.FOLLOW_UP,
    NoticeKind.JOBS,
    NoticeKind.OUTCOME,
    NoticeKind.PAPERS,
    NoticeKind.DIGEST,
)
"""What concerns one person alone and stands in no list of notices."""
WAITING_KINDS = (
    NoticeKind.FAIR,
    NoticeKind.REMINDER,
    NoticeKind.JOBS,
    NoticeKind.OUTCOME,
    NoticeKind.PAPERS,
)
"""What can wait for a student's digest, unless it would come too late."""


class NoticeState(enum.StrEnum):
    """What was decided about a notice as a whole."""

    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class Channel(enum.StrEnum):
    """A way to reach a person."""

    MAIL = "mail"
    SMS = "sms"
    INBOX = "inbox"


class Recipient(enum.StrEnum):
    """Whom a delivery may go to; each is one of the two, and no notice goes to both."""

    STUDENT = "student"
    STAFF = "staff"


class DeliveryState(enum.StrEnum):
    """Where one delivery stands; only `sending` can be in doubt."""

    HELD = "held"
    PENDING = "pending"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    UNCERTAIN_FINAL = "uncertain_final"
    FAILED = "failed"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


FINAL_STATES = (
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.BOUNCED,
    DeliveryState.FAILED,
    DeliveryState.SKIPPED,
    DeliveryState.EXPIRED,
    DeliveryState.UNCERTAIN_FINAL,
)


class Priority(enum.IntEnum):
    """In which order deliveries of a channel go out; the lowest first."""

    AT_ONCE = 1
    USUAL = 5


class UncertainPolicy(enum.StrEnum):
    """What happens to a delivery of which we cannot know whether it arrived."""

    RESEND = "resend"
    ASK = "ask"
    NEVER = "never"
