"""The lists of all students at once: the compiled walk over chunks of them, on all cores.

The answer does not depend on chunks, threads or the order of the postings. The first call of a
process loads the compiled walk, and the first on a machine compiles it (some seconds).
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np

from placement.jobs.ranking.blocks import make_block
from placement.jobs.ranking.kernel import choose_for_all, rank_students
from placement.jobs.ranking.layout import lay_out, lay_out_rule, make_room
from placement.jobs.ranking.parts import Meeting, part_values
from placement.jobs.ranking.postings import Prepared
from placement.jobs.ranking.relations import relate
from placement.jobs.ranking.results import (
    Options,
    Recommendations,
    choose_visible,
    join,
    nothing_found,
)
from placement.jobs.ranking.seekers import PreparedSeekers

CHUNK = 2000

Progress = Callable[[int, int], None]


def _no_progress(done: int, total: int) -> None:
    """Tell nobody."""


def recommend_all(
    prepared: Prepared,
    seekers: PreparedSeekers,
    *,
    options: Options | None = None,
    progress: Progress = _no_progress,
    threads: int | None = None,
) -> Recommendations:
    """Rank the postings for all students, exactly.

    After each chunk `progress(done, total)` is told how many students are through; what it
    raises ends the run. `threads` is the number of cores by default.
    """
    chunks = recommend_in_chunks(prepared, seekers, options=options, threads=threads)
    pieces = []
    done = 0
    for piece in chunks:
        pieces.append(piece)
        done += len(piece)
        progress(done, len(seekers))
    return join(pieces)


def recommend_in_chunks(
    prepared: Prepared,
    seekers: PreparedSeekers,
    *,
    options: Options | None = None,
    threads: int | None = None,
    chunk: int = CHUNK,
) -> Iterator[Recommendations]:
    """Yield the lists of `chunk` students after the other (one empty piece for nobody).

    Work that is saved chunk by chunk reads these; the students are in their order.
    """
    options = options or Options()
    if len(prepared) == 0 or len(seekers) == 0:
        yield nothing_found(seekers.ids, prepared.ids, options)
        return
    relations = relate(prepared, seekers, options.rule)
    threads = threads or os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        for first in range(0, len(seekers), chunk):
            rows = np.arange(first, min(first + chunk, len(seekers)))
            block = make_block(prepared, seekers, relations, rows)
            meeting = Meeting(prepared, seekers, relations, block)
            yield _rank_block(meeting, options, pool, threads)


def _rank_block(
    meeting: Meeting, options: Options, pool: ThreadPoolExecutor, threads: int
) -> Recommendations:
    students = len(meeting.block.rows)
    best = make_room(students, options.pool)
    rank = partial(rank_students, lay_out(meeting), lay_out_rule(options.rule), best)
    bounds = np.linspace(0, students, threads + 1).astype(np.int64).tolist()
    list(pool.map(rank, bounds[:-1], bounds[1:]))
    visible = choose_visible(meeting, options, best.postings, choose_for_all)
    ids = meeting.seekers.ids[meeting.block.rows]
    found = replace(
        nothing_found(ids, meeting.prepared.ids, options),
        postings=best.postings,
        millionths=best.millionths,
        feasible=best.feasible,
        visible=visible,
    )
    rows = np.arange(students)[:, np.newaxis]
    postings = np.maximum(found.visible_postings, 0)
    parts = part_values(meeting, rows, postings, found.in_pool(best.cosines))
    parts[visible < 0] = np.nan
    return replace(found, parts=parts)
