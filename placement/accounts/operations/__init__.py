"""All writes of accounts."""

from placement.accounts.operations.passwords import (
    check_new_password,
    hash_password,
    set_password,
    verify_password,
)
from placement.accounts.operations.sign_ins import (
    TooManyAttemptsError,
    confirm_password,
    end_sign_in,
    end_sign_ins_of,
    recognise,
    sign_in,
)
from placement.accounts.operations.users import (
    StillResponsibleError,
    activate,
    add_user,
    disable_user,
    issue_activation,
    set_locale,
)

__all__ = [
    "StillResponsibleError",
    "TooManyAttemptsError",
    "activate",
    "add_user",
    "check_new_password",
    "confirm_password",
    "disable_user",
    "end_sign_in",
    "end_sign_ins_of",
    "hash_password",
    "issue_activation",
    "recognise",
    "set_locale",
    "set_password",
    "sign_in",
    "verify_password",
]
