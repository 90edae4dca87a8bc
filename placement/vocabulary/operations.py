"""All writes of the lists: a word is added, called otherwise, ended, and each taken back."""

import datetime as dt
import uuid

from sqlalchemy import select, text

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.vocabulary.models import Term, WordList
from placement.vocabulary.queries import FIRST, Word, history_of, words_on

_DAY = dt.timedelta(days=1)
# What was noted with a word stands above this room.
_USED = text(
    "SELECT EXISTS (SELECT FROM barriers WHERE term_id = :term)"
    " OR EXISTS (SELECT FROM actions WHERE term_id = :term)"
)


def add_word(
    list_: WordList, *, actor: Viewer, zh: str, en: str, base: str, valid_from: dt.date
) -> Term:
    """Add a word that is offered from a day on and counts as the kind `base` of the first list.

    Raises NotAllowedError for anybody but the province, InvalidValueError for a word that the
    list has already or a kind that is not there.
    """
    _require_province(actor)
    FIRST[list_].entry(base)
    return _begin(
        list_,
        f"own-{uuid.uuid4().hex[:12]}",
        base,
        actor=actor,
        zh=zh,
        en=en,
        valid_from=valid_from,
        act="term.added",
    )


def rename_word(
    list_: WordList, code: str, *, actor: Viewer, zh: str, en: str, valid_from: dt.date
) -> Term:
    """Call something otherwise from a day on; what was noted before keeps its word.

    Raises NotAllowedError, and InvalidValueError for a day before the word that holds now, a word
    that has ended, or one that the list has already.
    """
    _require_province(actor)
    last = last_word(list_, code)
    if last.valid_to is not None:
        raise InvalidValueError("This word has ended.", remedy="Take that back, or add a new one.")
    if last.valid_from is not None and valid_from <= last.valid_from:
        raise InvalidValueError(
            "The word that holds now begins later than that day.", field="valid_from"
        )
    if last.term is not None:
        last.term.valid_to = valid_from - _DAY
        db.session.flush()
    return _begin(
        list_,
        code,
        last.base,
        actor=actor,
        zh=zh,
        en=en,
        valid_from=valid_from,
        act="term.renamed",
    )


def end_word(list_: WordList, code: str, *, actor: Viewer, last_on: dt.date) -> Term:
    """Offer a word until a day and no longer; what was noted with it stays.

    Raises NotAllowedError, and InvalidValueError when it has ended, begins later, or is the last
    one that the list offers.
    """
    _require_province(actor)
    last = last_word(list_, code)
    if last.valid_to is not None:
        raise InvalidValueError("This word has ended.", remedy="Take that back, or add a new one.")
    if last.valid_from is not None and last_on < last.valid_from:
        raise InvalidValueError(
            "The word that holds now begins later than that day.", field="last_on"
        )
    if all(word.code == code for word in words_on(list_, last_on + _DAY)):
        raise InvalidValueError("It is the last word of the list.", remedy="Add another one first.")
    term = last.term
    if term is None:
        term = Term(list=list_, code=code, base=code, zh=last.zh, en=last.en, valid_from=last_on)
        term.made_by = actor.user_id
        db.session.add(term)
    term.valid_to = last_on
    db.session.flush()
    record_event("term.ended", actor_id=actor.user_id, subject=term)
    return term


def take_back(term: Term, *, actor: Viewer) -> None:
    """Take the last act on a word back: its end, or else its beginning.

    Raises NotAllowedError for anybody but the province, InvalidValueError for a word that
    another has followed or that something was noted with.
    """
    _require_province(actor)
    if last_word(term.list, term.code).term is not term:
        raise InvalidValueError("Another word has followed this one.")
    record_event("term.taken_back", actor_id=actor.user_id, subject=term)
    if term.valid_to is not None and not _only_ends_the_first(term):
        term.valid_to = None
        return
    if db.session.execute(_USED, {"term": term.id}).scalar_one():
        raise InvalidValueError("Something was noted with this word.", remedy="End it instead.")
    db.session.delete(term)
    db.session.flush()
    before = last_word(term.list, term.code) if _is_known(term) else None
    if before is not None and before.term is not None:
        before.term.valid_to = None


def last_word(list_: WordList, code: str) -> Word:
    """The last word of a code. Raises InvalidValueError for a code that is not there."""
    words = [word for word in history_of(list_) if word.code == code]
    if not words:
        raise InvalidValueError("There is no such word.")
    return words[-1]


def _begin(
    list_: WordList,
    code: str,
    base: str,
    *,
    actor: Viewer,
    zh: str,
    en: str,
    valid_from: dt.date,
    act: str,
) -> Term:
    zh, en = zh.strip(), en.strip()
    if not zh:
        raise InvalidValueError("Say the word in Chinese.", field="zh")
    if any(word.zh == zh and word.code != code for word in words_on(list_, valid_from)):
        raise InvalidValueError("The list has this word already.", field="zh")
    term = Term(list=list_, code=code, base=base, zh=zh, en=en, valid_from=valid_from)
    term.made_by, term.made_at = actor.user_id, clock.now()
    db.session.add(term)
    db.session.flush()
    record_event(act, actor_id=actor.user_id, subject=term)
    return term


def _only_ends_the_first(term: Term) -> bool:
    """Whether a row says no more than the last day of a word of the first list."""
    return term.valid_from == term.valid_to and term.code in FIRST[term.list].entries


def _is_known(term: Term) -> bool:
    others = select(Term.id).where(Term.list == term.list, Term.code == term.code).limit(1)
    return db.session.execute(others).first() is not None


def _require_province(actor: Viewer) -> None:
    if actor.role is not Role.PROVINCE:
        raise NotAllowedError("The province keeps this list.")
