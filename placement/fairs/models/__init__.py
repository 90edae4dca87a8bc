"""What is stored of fairs."""

from placement.fairs.models.fairs import Fair, FairItem, FairState, ItemKind
from placement.fairs.models.results import FairResult, ResultKind
from placement.fairs.models.sign_ups import CODE_LENGTH, CODE_LETTERS, SignUp, SignUpState
from placement.fairs.models.stands import Stand, StandPosting

__all__ = [
    "CODE_LENGTH",
    "CODE_LETTERS",
    "Fair",
    "FairItem",
    "FairResult",
    "FairState",
    "ItemKind",
    "ResultKind",
    "SignUp",
    "SignUpState",
    "Stand",
    "StandPosting",
]
