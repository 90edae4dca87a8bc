"""The chain: events are sealed once no transaction that could still add to them is under way.

Events are plain inserts, so that nobody waits. A seal covers every event of the transactions
numbered from the last seal up to the oldest one still running, in order, and the digest of the
seal before. The newest seal also goes into a file outside the database, so that cutting off the
tail of the trail is noticed.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from placement.audit.models import AuditEvent, AuditSeal
from placement.db import db
from placement.errors import PlacementError
from placement.locks import Lock

_OLDEST = text(
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + placement_transaction_base()"
)
_START = b"\0" * 32


class AuditBrokenError(PlacementError):
    """The audit trail is not what was sealed."""

    code = "audit_broken"


def seal_events(witness: Path | None) -> AuditSeal | None:
    """Seal what can be sealed, within the caller's transaction; None if there is nothing.

    `witness` is the folder of the file outside the database.
    """
    if not db.session.execute(select(func.pg_try_advisory_xact_lock(Lock.SEAL, 0))).scalar():
        return None
    last = _last_seal()
    begin = 0 if last is None else last.to_transaction
    end = int(db.session.execute(_OLDEST).scalar_one())
    events = _events(begin, end)
    if not events:
        return None
    previous = _START if last is None else last.digest
    seal = AuditSeal(
        number=1 if last is None else last.number + 1,
        from_transaction=begin,
        to_transaction=end,
        events=len(events),
        previous=previous,
        digest=_digest(previous, events),
    )
    db.session.add(seal)
    db.session.flush()
    if witness is not None:
        _write_witness(witness, seal)
    return seal


def verify_trail(witness: Path | None) -> int:
    """Prove that every sealed event is as it was sealed; the number of sealed events.

    Raises AuditBrokenError that says where the chain breaks.
    """
    previous, begin, count = _START, 0, 0
    seals = db.session.execute(select(AuditSeal).order_by(AuditSeal.number)).scalars().all()
    for number, seal in enumerate(seals, start=1):
        events = _events(seal.from_transaction, seal.to_transaction)
        linked = seal.number == number and seal.previous == previous
        if not linked or seal.from_transaction != begin:
            raise _broken(f"seal {seal.number} does not follow the one before")
        if len(events) != seal.events or _digest(previous, events) != seal.digest:
            raise _broken(f"the events under seal {seal.number} are not those that were sealed")
        previous, begin, count = seal.digest, seal.to_transaction, count + seal.events
    if witness is not None:
        _check_witness(witness, {seal.number: seal.digest for seal in seals})
    return count


def set_witness_aside(folder: Path) -> str | None:
    """Keep the file outside the database under another name, since another trail begins here.

    The seal that it names: number and digest; none if there is no file.
    """
    path = _witness_file(folder)
    if not path.exists():
        return None
    seal = path.read_text(encoding="ascii").strip()
    path.replace(path.with_name(f"{path.stem}.before-restore{path.suffix}"))
    return seal


def _broken(what: str) -> AuditBrokenError:
    return AuditBrokenError(
        f"The audit trail is broken: {what}.",
        remedy="Keep the database as it is and compare it with the last backup.",
    )


def _last_seal() -> AuditSeal | None:
    return db.session.execute(
        select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)
    ).scalar_one_or_none()


def _events(begin: int, end: int) -> list[Any]:
    columns = AuditEvent.__table__.c
    moment = func.extract("epoch", columns.at)
    return list(
        db.session.execute(
            select(
                columns.id,
                columns.transaction_id,
                moment,
                columns.actor_id,
                columns.actor_role,
                columns.action,
                columns.subject_type,
                columns.subject_id,
                columns.student_ids,
                columns.details,
                columns.origin,
            )
            .where(columns.transaction_id >= begin, columns.transaction_id < end)
            .order_by(columns.transaction_id, columns.id)
        )
    )


def _digest(previous: bytes, events: list[Any]) -> bytes:
    digest = hashlib.sha256(previous)
    for event in events:
        line = json.dumps(list(event), ensure_ascii=False, sort_keys=True, default=str)
        digest.update(line.encode() + b"\n")
    return digest.digest()


def _witness_file(folder: Path) -> Path:
    return folder / "audit-seal.txt"


def _write_witness(folder: Path, seal: AuditSeal) -> None:
    path = _witness_file(folder)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{seal.number} {seal.digest.hex()}\n", encoding="ascii")
    fresh.replace(path)


def _check_witness(folder: Path, seals: dict[int, bytes]) -> None:
    path = _witness_file(folder)
    if not path.exists():
        return
    number, digest = path.read_text(encoding="ascii").split()
    if seals.get(int(number)) is None:
        raise _broken(f"seal {number}, written outside the database, is missing in it")
    if seals[int(number)].hex() != digest:
        raise _broken(f"seal {number} differs from the one written outside the database")
