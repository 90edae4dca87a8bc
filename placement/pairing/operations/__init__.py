"""All writes of paired help."""

from placement.pairing.operations.linking import new_link, open_link, withdraw_link
from placement.pairing.operations.many import pair_many, preview_pairs, undo_many
from placement.pairing.operations.objecting import (
    object_to_pairing,
    settle_objection,
    take_objection_back,
)
from placement.pairing.operations.pairing import (
    change_pairing,
    end_pairing,
    pair_student,
    take_end_back,
)
from placement.pairing.operations.writing import note_word, take_word_back, write_word

__all__ = [
    "change_pairing",
    "end_pairing",
    "new_link",
    "note_word",
    "object_to_pairing",
    "open_link",
    "pair_many",
    "pair_student",
    "preview_pairs",
    "settle_objection",
    "take_end_back",
    "take_objection_back",
    "take_word_back",
    "undo_many",
    "withdraw_link",
    "write_word",
]
