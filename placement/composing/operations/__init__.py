"""All writes of drafts."""

from placement.composing.operations.drafting import (
    DraftPlan,
    NamesReasonError,
    SendTimeError,
    change_draft,
    create_draft,
    discard_draft,
    require_open,
    restore_draft,
)
from placement.composing.operations.releasing import (
    DraftChangedError,
    NotReleasableError,
    Shown,
    hand_in,
    release,
    take_back,
)
from placement.composing.operations.sending import send_next_draft
from placement.composing.operations.testing import send_test
from placement.fairs.operations.reminding import ReminderDayError

__all__ = [
    "DraftChangedError",
    "DraftPlan",
    "NamesReasonError",
    "NotReleasableError",
    "ReminderDayError",
    "SendTimeError",
    "Shown",
    "change_draft",
    "create_draft",
    "discard_draft",
    "hand_in",
    "release",
    "require_open",
    "restore_draft",
    "send_next_draft",
    "send_test",
    "take_back",
]
