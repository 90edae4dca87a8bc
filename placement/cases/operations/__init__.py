"""All writes of cases."""

from placement.cases.operations.closing import (
    approve_closing,
    ask_to_close,
    give_consent,
    refuse_closing,
    take_consent_back,
    withdraw_closing,
)
from placement.cases.operations.contacts import record_follow_up, undo_follow_up
from placement.cases.operations.group_talk import record_group_talk, undo_group_talk
from placement.cases.operations.opening import (
    CaseClosedError,
    ask_for_help,
    claim_version,
    close_case,
    close_cases,
    open_case,
    open_cases,
    promise_next_step,
    put_off,
    reopen_case,
    set_next_step,
    take_up_again,
)
from placement.cases.operations.plan import (
    add_action,
    add_barrier,
    adjust_expectations,
    change_action,
    change_barrier,
    change_goal,
    set_goal,
)

__all__ = [
    "CaseClosedError",
    "add_action",
    "add_barrier",
    "adjust_expectations",
    "approve_closing",
    "ask_for_help",
    "ask_to_close",
    "change_action",
    "change_barrier",
    "change_goal",
    "claim_version",
    "close_case",
    "close_cases",
    "give_consent",
    "open_case",
    "open_cases",
    "promise_next_step",
    "put_off",
    "record_follow_up",
    "record_group_talk",
    "refuse_closing",
    "reopen_case",
    "set_goal",
    "set_next_step",
    "take_consent_back",
    "take_up_again",
    "undo_follow_up",
    "undo_group_talk",
    "withdraw_closing",
]
