"""Which words a list offers on a day: the first list, overlaid by the province's own rows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from placement.db import db
from placement.errors import NotVisibleError
from placement.reference import kinds
from placement.reference.tables import CodeTable
from placement.vocabulary.models import Term, WordList

FIRST: Mapping[WordList, CodeTable] = {
    WordList.BARRIERS: kinds.barriers,
    WordList.ACTIONS: kinds.actions,
}


@dataclass(frozen=True, slots=True)
class Word:
    """One word as a list offers it on a day; `term` is the province's row, none for the first."""

    code: str
    base: str
    zh: str
    en: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    term: Term | None = None

    @property
    def term_id(self) -> int | None:
        """The number of the province's row, to be kept with what is noted."""
        return None if self.term is None else self.term.id

    def label(self, locale: str) -> str:
        """The word in the language of `locale`, Chinese where there is no English one."""
        return self.zh if locale.startswith("zh") or not self.en else self.en


def terms_of(list_: WordList) -> Sequence[Term]:
    """The province's rows of a list, in the order in which they hold."""
    rows = select(Term).where(Term.list == list_).order_by(Term.code, Term.valid_from, Term.id)
    return db.session.execute(rows).scalars().all()


def term_by_id(term_id: int) -> Term:
    """One row of the lists. Raises NotVisibleError."""
    term = db.session.get(Term, term_id)
    if term is None:
        raise NotVisibleError("There is no such word.")
    return term


def words_on(list_: WordList, day: dt.date) -> list[Word]:
    """The words that a list offers on `day`: those of the first list, then the province's own."""
    return [word for word in history_of(list_) if _holds(word, day)]


def history_of(list_: WordList) -> list[Word]:
    """Every word that a list ever offered, those of one code together and in their order."""
    own: dict[str, list[Term]] = {}
    for term in terms_of(list_):
        own.setdefault(term.code, []).append(term)
    found: list[Word] = []
    for code, entry in FIRST[list_].entries.items():
        later = own.pop(code, [])
        until = later[0].valid_from - dt.timedelta(days=1) if later else entry.valid_to
        found.append(Word(code, code, entry.zh, entry.en, entry.valid_from, until))
        found += map(_word, later)
    for added in sorted(own.values(), key=lambda terms: terms[0].id):
        found += map(_word, added)
    return found


def _word(term: Term) -> Word:
    return Word(term.code, term.base, term.zh, term.en, term.valid_from, term.valid_to, term)


def _holds(word: Word, day: dt.date) -> bool:
    begun = word.valid_from is None or word.valid_from <= day
    return begun and (word.valid_to is None or day <= word.valid_to)
