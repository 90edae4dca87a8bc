"""What this process keeps laid out for ranking: a day's postings, and for a while the students.

Laying out 20,000 postings takes longer than a page may. They are laid out once and kept until a
posting or an employer changes; a page takes what is ready and never waits.
"""

import datetime as dt
import gc
import threading
import time
from dataclasses import dataclass

from placement import clock
from placement.jobs.queries import facts, posting_changes
from placement.jobs.ranking.national import national_tables
from placement.jobs.ranking.postings import Prepared, prepare
from placement.jobs.ranking.seekers import PreparedSeekers, prepare_seekers

FEW_POSTINGS = 400
"""So many are laid out while a page waits: some tens of milliseconds."""
SEEKERS_SECONDS = 300.0
MOST_CHOICES = 16
"""So many choices of postings, each some hundreds at most, are kept beside all of them."""


@dataclass(frozen=True, slots=True)
class _Offers:
    day: dt.date
    changes: tuple[int, int]
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class KeptSeekers:
    """The students of a class year as they were at `read_at`, and the offers they stand before."""

    day: dt.date
    read_at: dt.datetime
    until: float
    seekers: PreparedSeekers
    offers: Prepared


class _Kept:
    """The newest of each; replaced as a whole, so that a reader needs no lock."""

    offers: _Offers | None = None
    seekers: dict[int, KeptSeekers] = {}
    among: dict[tuple[int, ...], _Offers] = {}
    making = threading.Lock()


def live_offers(day: dt.date) -> Prepared:
    """The live postings of a local day laid out, made anew if postings have changed."""
    with _Kept.making:
        # Read before the postings: what is committed in between makes them newer, never older.
        changes = posting_changes()
        kept = _kept(day, changes)
        if kept is None:
            kept = prepare(facts.offers(day=day), day=day, tables=national_tables())
            _Kept.offers = _Offers(day, changes, kept)
            _spare_the_collector()
        return kept


def ready_offers(day: dt.date) -> Prepared | None:
    """The same if it is at hand or quickly made, else None: then it is for a worker to do."""
    kept = _kept(day, posting_changes())
    if kept is not None:
        return kept
    if _Kept.making.locked() or facts.count_offers(day=day) > FEW_POSTINGS:
        return None
    return live_offers(day)


def offers_among(posting_ids: tuple[int, ...], day: dt.date) -> Prepared:
    """Those of some postings that are live on a local day laid out, such as those at a fair."""
    changes = posting_changes()
    kept = _Kept.among.get(posting_ids)
    if kept is None or (kept.day, kept.changes) != (day, changes):
        prepared = prepare(facts.offers_of(posting_ids), day=day, tables=national_tables())
        kept = _Offers(day, changes, prepared)
        others = list(_Kept.among.items())[1 - MOST_CHOICES :]
        _Kept.among = {**dict(others), posting_ids: kept}
    return kept.prepared


def _kept(day: dt.date, changes: tuple[int, int]) -> Prepared | None:
    kept = _Kept.offers
    fits = kept is not None and (kept.day, kept.changes) == (day, changes)
    return kept.prepared if kept is not None and fits else None


def kept_seekers(class_year: int, day: dt.date) -> KeptSeekers:
    """The students of a class year who look for work on a local day, some minutes old at most.

    Who wrote wishes or answers since `read_at` is the caller's to read again.
    """
    known = _Kept.seekers.get(class_year)
    if known is not None and known.day == day and time.monotonic() < known.until:
        return known
    offers = live_offers(day)
    kept = KeptSeekers(
        day=day,
        read_at=clock.now(),
        until=time.monotonic() + SEEKERS_SECONDS,
        seekers=prepare_seekers(
            facts.seekers(day=day, class_year=class_year),
            weights=offers.weights,
            tables=offers.tables,
        ),
        offers=offers,
    )
    _Kept.seekers = {**_Kept.seekers, class_year: kept}
    _spare_the_collector()
    return kept


def _spare_the_collector() -> None:
    """Keep the collector of cycles from looking through what was laid out: it takes half a second.

    What is replaced later is still freed, by its counts of references.
    """
    gc.collect()
    gc.freeze()


def forget() -> None:
    """Keep nothing any more."""
    _Kept.offers, _Kept.seekers, _Kept.among = None, {}, {}
