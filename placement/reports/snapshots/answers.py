"""Snapshots as plain data, the form that commands and files give."""

from typing import Any

from placement import clock
from placement.reports.models import Publication, Snapshot
from placement.reports.snapshots.differences import CellChange, Differences, PersonChange
from placement.reports.snapshots.frozen import Counted
from placement.reports.snapshots.proofs import Proof

HIDDEN = "*"
"""What stands in the place of a hidden count."""


def snapshot_answer(snapshot: Snapshot) -> dict[str, Any]:
    """What a snapshot says of itself: its question, its seal, its state and who signed."""
    return {
        "snapshot_id": snapshot.id,
        "class_year": snapshot.class_year,
        "as_of": snapshot.as_of.isoformat(),
        "counting_day": snapshot.counting_day,
        "known_at": snapshot.known_at.astimezone(clock.ZONE).isoformat(),
        "university": None if snapshot.university is None else snapshot.university.code,
        "version": snapshot.version,
        "replaces": snapshot.replaces_id,
        "seal": snapshot.seal.hex(),
        "state": snapshot.state.value,
        "taken_at": snapshot.taken_at.astimezone(clock.ZONE).isoformat(),
        "signed": _signature(snapshot.signer, snapshot.signed_at),
        "verified": _signature(snapshot.verifier, snapshot.verified_at),
        "published_at": None
        if snapshot.published_at is None
        else snapshot.published_at.astimezone(clock.ZONE).isoformat(),
    }


def differences_answer(changed: Differences) -> dict[str, Any]:
    """The list of differences: rules, cells, and people by the uid that no name belongs to."""
    return {
        "rules": list(changed.rules),
        "cells": [_cell(change) for change in changed.cells],
        "people": [_person(change) for change in changed.people],
    }


def proof_answer(proof: Proof) -> dict[str, Any]:
    """What came of proving a snapshot whose seal is intact."""
    return {
        "ok": proof.is_whole,
        "snapshot_id": proof.snapshot.id,
        "seal": proof.snapshot.seal.hex(),
        "same_bytes": proof.changed is None,
        "backdated": proof.backdated,
        "differences": None if proof.changed is None else differences_answer(proof.changed),
    }


def _signature(name: str | None, at: Any) -> dict[str, Any] | None:
    return None if at is None else {"by": name, "at": at.astimezone(clock.ZONE).isoformat()}


def _cell(change: CellChange) -> dict[str, Any]:
    return {
        "table": change.table,
        "key": change.key,
        "figure": change.figure,
        "before": change.before,
        "after": change.after,
    }


def _person(change: PersonChange) -> dict[str, Any]:
    return {
        "person": change.uid,
        "before": _counted(change.before),
        "after": _counted(change.after),
        "fields": list(change.fields),
    }


def _counted(person: Counted | None) -> dict[str, Any] | None:
    return None if person is None else person._asdict() | {"categories": list(person.categories)}


def publication_answer(publication: Publication) -> dict[str, Any]:
    """A publication as plain data: a hidden count is the mark, a rate of nobody null."""
    return {
        "publication_id": publication.id,
        "snapshot": snapshot_answer(publication.snapshot),
        "hidden": {
            "mark": HIDDEN,
            "meaning": "Fewer than 5 people, or it could be computed from other counts.",
            "counts": publication.proof["small"] + publication.proof["complementary"],
            "least_values": publication.proof["narrowest"],
        },
        "coarsened": publication.proof["coarsened"],
        "tables": {
            name: [_printed(row, table["measures"]) for row in table["rows"]]
            for name, table in publication.tables.items()
        },
    }


def _printed(row: dict[str, Any], measures: list[str]) -> dict[str, Any]:
    blank = {name for name in measures if row[name] is None}
    rates = {
        rate
        for rate, measure in (("rate", "placed"), ("knowledge_rate", "known"))
        if rate in row and blank & {measure, "denominator"}
    }
    return {name: HIDDEN if name in blank | rates else value for name, value in row.items()}
