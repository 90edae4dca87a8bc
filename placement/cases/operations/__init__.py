"""All writes of cases."""

from placement.cases.operations.answering import (
    answer_action,
    reply_to_question,
    standing_answer,
    take_answer_back,
)
from placement.cases.operations.approving import (
    approve_plan,
    ask_for_approval,
    return_plan,
    want_approval,
    withdraw_approval,
)
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
from placement.cases.operations.subsidies import keep_steps, remind_of_subsidy

__all__ = [
    "CaseClosedError",
    "add_action",
    "add_barrier",
    "adjust_expectations",
    "answer_action",
    "approve_closing",
    "approve_plan",
    "ask_for_approval",
    "ask_for_help",
    "ask_to_close",
    "change_action",
    "change_barrier",
    "change_goal",
    "claim_version",
    "close_case",
    "close_cases",
    "give_consent",
    "keep_steps",
    "open_case",
    "open_cases",
    "promise_next_step",
    "put_off",
    "record_follow_up",
    "record_group_talk",
    "refuse_closing",
    "remind_of_subsidy",
    "reopen_case",
    "reply_to_question",
    "return_plan",
    "set_goal",
    "set_next_step",
    "standing_answer",
    "take_answer_back",
    "take_consent_back",
    "take_up_again",
    "undo_follow_up",
    "undo_group_talk",
    "want_approval",
    "withdraw_approval",
    "withdraw_closing",
]
