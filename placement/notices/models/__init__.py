"""The rows of notices, and the words in them."""

from placement.notices.models.addresses import (
    ChannelStatus,
    OptOut,
    RateBucket,
    StaffMark,
    Suppression,
)
from placement.notices.models.agreements import MailRhythm, Telling
from placement.notices.models.kinds import (
    ACCOUNT_KINDS,
    FINAL_STATES,
    PERSONAL_KINDS,
    STAFF_KINDS,
    WAITING_KINDS,
    Channel,
    DeliveryState,
    NoticeKind,
    NoticeState,
    Priority,
    Recipient,
    UncertainPolicy,
)
from placement.notices.models.outbox import Delivery, DeliveryEvent, Notice

__all__ = [
    "ACCOUNT_KINDS",
    "FINAL_STATES",
    "PERSONAL_KINDS",
    "STAFF_KINDS",
    "WAITING_KINDS",
    "Channel",
    "ChannelStatus",
    "Delivery",
    "DeliveryEvent",
    "DeliveryState",
    "MailRhythm",
    "Notice",
    "NoticeKind",
    "NoticeState",
    "OptOut",
    "Priority",
    "RateBucket",
    "Recipient",
    "StaffMark",
    "Suppression",
    "Telling",
    "UncertainPolicy",
]
