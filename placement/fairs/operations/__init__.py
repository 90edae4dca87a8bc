"""All writes of fairs."""

from placement.fairs.operations.attending import sign_up, withdraw
from placement.fairs.operations.door import (
    Holder,
    check_in,
    check_in_holder,
    holder_of,
    keeps_door,
    take_back_check_in,
    take_back_holder,
)
from placement.fairs.operations.holding import (
    FairPlan,
    add_fair,
    announce_fair,
    cancel_fair,
    change_fair,
    open_fair,
    preview_announcement,
)
from placement.fairs.operations.results import ResultPlan, note_result, take_back_result
from placement.fairs.operations.schedule import (
    ItemPlan,
    add_item,
    change_item,
    remove_item,
    restore_item,
)
from placement.fairs.operations.standing import (
    FairNotOpenError,
    FairOverError,
    end_of,
    is_host,
    require_begun,
    require_host,
)
from placement.fairs.operations.stands import (
    StandPlan,
    add_stand,
    add_stands,
    bring_postings,
    change_stand,
    remove_stand,
    restore_stand,
)

__all__ = [
    "FairNotOpenError",
    "FairOverError",
    "FairPlan",
    "Holder",
    "ItemPlan",
    "ResultPlan",
    "StandPlan",
    "add_fair",
    "add_item",
    "add_stand",
    "add_stands",
    "announce_fair",
    "bring_postings",
    "cancel_fair",
    "change_fair",
    "change_item",
    "change_stand",
    "check_in",
    "check_in_holder",
    "end_of",
    "holder_of",
    "is_host",
    "keeps_door",
    "note_result",
    "open_fair",
    "preview_announcement",
    "remove_item",
    "remove_stand",
    "require_begun",
    "require_host",
    "restore_item",
    "restore_stand",
    "sign_up",
    "take_back_check_in",
    "take_back_holder",
    "take_back_result",
    "withdraw",
]
