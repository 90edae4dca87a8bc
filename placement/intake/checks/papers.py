"""The ID numbers of a table, each with the paper that it stands on."""

from collections.abc import Sequence

from placement.intake.checks import messages
from placement.intake.checks.draft import Draft
from placement.intake.checks.identity import RESIDENT, Identity, read_id
from placement.intake.checks.problems import MISSING, Fault
from placement.intake.checks.values import code_reader
from placement.reference import id_types


def read_identities(draft: Draft, *, needed: bool) -> Sequence[Identity | None]:
    """Read `id_number` and `id_type`; a cell that came as a number is refused, digits are lost.

    Without a type the paper is the resident card; a residence permit is told by
    its number.
    """
    types = draft.read("id_type", code_reader(id_types.find), default=RESIDENT)
    draft.refuse_numbers("id_number")
    column = draft.column("id_number")
    pairs = list(zip(column.texts, types, strict=True))
    known = {pair: _read(*pair, needed=needed) for pair in set(pairs)}
    identities: list[Identity | None] = []
    for place, pair in enumerate(pairs):
        found = known[pair]
        if isinstance(found, Fault):
            if place not in column.numbers:
                draft.fail(place, "id_number", found)
            identities.append(None)
        else:
            identities.append(found)
    draft.columns["id_number"] = [found.number if found else None for found in identities]
    draft.columns["id_type"] = [found.id_type if found else None for found in identities]
    return identities


def _read(text: str, id_type: str | None, *, needed: bool) -> Identity | Fault | None:
    if not text:
        return Fault(MISSING, messages.MISSING) if needed else None
    return read_id(text, id_type or RESIDENT)
