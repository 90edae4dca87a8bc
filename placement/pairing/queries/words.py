"""Reads of what helpers wrote."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import (
    func,
    select,
)

from placement.db import db
from placement.errors import NotVisibleError
from placement.pairing.models import Pairing, PairingLink, PairingWord


def words_by_links(pairings: Sequence[Pairing]) -> dict[int, list[PairingWord]]:
    """What the helper of some pairings wrote by a link, by the pairing's number, the last first."""
    rows = db.session.execute(
        select(PairingWord)
        .join(PairingLink, PairingLink.id == PairingWord.link_id)
        .join(Pairing, Pairing.id == PairingWord.pairing_id)
        .where(
            Pairing.id.in_([pairing.id for pairing in pairings]),
            PairingLink.helper_key == Pairing.helper_key,
            PairingWord.voided_at.is_(None),
        )
        .order_by(PairingWord.helped_on.desc(), PairingWord.id.desc())
    )
    words: dict[int, list[PairingWord]] = {}
    for word in rows.scalars():
        words.setdefault(word.pairing_id, []).append(word)
    return words


def last_words(pairings: Sequence[Pairing]) -> dict[int, dt.date]:
    """The day of the last word of some pairings that have one, whoever noted it."""
    rows = db.session.execute(
        select(PairingWord.pairing_id, func.max(PairingWord.helped_on))
        .where(
            PairingWord.pairing_id.in_([pairing.id for pairing in pairings]),
            PairingWord.voided_at.is_(None),
        )
        .group_by(PairingWord.pairing_id)
    )
    return {row[0]: row[1] for row in rows}


def word_of(pairing: Pairing, word_id: int) -> PairingWord:
    """One word of this pairing. Raises NotVisibleError for one of another."""
    return word_among([pairing], word_id)


def word_among(pairings: Sequence[Pairing], word_id: int) -> PairingWord:
    """One word of these pairings. Raises NotVisibleError for one of another."""
    among = PairingWord.pairing_id.in_([pairing.id for pairing in pairings])
    found = db.session.execute(
        select(PairingWord).where(among, PairingWord.id == word_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotVisibleError("The helper wrote no such word.")
    return found


def opened_word(pairing: Pairing, word: PairingWord) -> str:
    """What a helper wrote, in clear; empty for an erased person."""
    key = pairing.student.key()
    return "" if key is None else key.open(word.text_sealed, "pairing_words.text", word.uid)
