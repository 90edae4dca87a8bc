"""All writes of fairs."""

from placement.fairs.operations.attending import (
    FairOverError,
    check_in,
    sign_up,
    take_back_check_in,
    withdraw,
)
from placement.fairs.operations.holding import (
    FairPlan,
    add_fair,
    add_stand,
    announce_fair,
    cancel_fair,
    change_fair,
    preview_announcement,
    remove_stand,
    require_host,
)

__all__ = [
    "FairOverError",
    "FairPlan",
    "add_fair",
    "add_stand",
    "announce_fair",
    "cancel_fair",
    "change_fair",
    "check_in",
    "preview_announcement",
    "remove_stand",
    "require_host",
    "sign_up",
    "take_back_check_in",
    "withdraw",
]
