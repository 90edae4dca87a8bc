"""What a helper did, month by month: written by the link, or noted by the counselor."""

import datetime as dt
import uuid

from sqlalchemy import select

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations.contacts import seal_text
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.pairing.models import Pairing, PairingLink, PairingWord

UNDO_WITHIN = dt.timedelta(minutes=30)


def write_word(
    link: PairingLink,
    pairing: Pairing,
    *,
    text: str,
    helped_on: dt.date,
    submission_id: uuid.UUID | None = None,
) -> PairingWord:
    """Keep what a helper wrote about one of those whom `require_living` says the link opens.

    A second submit of the same form returns the first word. Raises InvalidValueError without
    words, for a day in the future or before the help began.
    """
    word = _word(pairing, text=text, helped_on=helped_on, submission_id=submission_id)
    if word.id is None:
        word.link_id = link.id
        db.session.add(word)
        record_event("helper.wrote", actor_id=None, subject=word)
    return word


def note_word(
    pairing: Pairing,
    *,
    actor: Viewer,
    text: str,
    helped_on: dt.date,
    submission_id: uuid.UUID | None = None,
) -> PairingWord:
    """Note what a helper told the counselor. Raises as `write_word`."""
    word = _word(pairing, text=text, helped_on=helped_on, submission_id=submission_id)
    if word.id is None:
        word.noted_by = actor.user_id
        db.session.add(word)
        record_event("helper.word_noted", actor_id=actor.user_id, subject=word)
    return word


def take_word_back(
    word: PairingWord, *, actor: Viewer | None = None, link: PairingLink | None = None
) -> None:
    """Take a word back within half an hour, by who wrote it. Raises NotAllowedError."""
    mine = (link is not None and word.link_id == link.id) or (
        actor is not None and word.noted_by == actor.user_id
    )
    if not mine or clock.now() - word.written_at > UNDO_WITHIN:
        raise NotAllowedError("Only who wrote this can take it back, within half an hour.")
    if word.voided_at is None:
        word.voided_at = clock.now()
        record_event(
            "helper.word_taken_back",
            actor_id=None if actor is None else actor.user_id,
            subject=word,
        )


def _word(
    pairing: Pairing, *, text: str, helped_on: dt.date, submission_id: uuid.UUID | None
) -> PairingWord:
    known = select(PairingWord).where(PairingWord.submission_id == submission_id)
    if submission_id is not None and (found := db.session.execute(known).scalar_one_or_none()):
        return found
    if helped_on > clock.today():
        raise InvalidValueError(
            "The day lies in the future.", remedy="Write it when it is there.", field="helped_on"
        )
    if helped_on < pairing.starts_on:
        raise InvalidValueError("The help began later than that day.", field="helped_on")
    uid = uuid.uuid4()
    sealed = seal_text(pairing.student, text, "pairing_words.text", uid)
    if sealed is None or len(text.strip()) < 2:
        raise InvalidValueError("Say in a few words what was done.", field="text")
    return PairingWord(
        uid=uid,
        pairing_id=pairing.id,
        student_id=pairing.student_id,
        helped_on=helped_on,
        text_sealed=sealed,
        written_at=clock.now(),
        submission_id=submission_id,
    )
