"""The compiled walk over all pairs: hard rules, score and the best of each student, exactly.

No candidate is lost to approximation. The sums are those of `parts` in the same order, so that
the numpy way for one student gives the same scores. Each function goes over one student's
postings once for one purpose: a call for every pair would cost more than its sums, since the
compiler counts references to every array at every call. Importing this module loads the
compiler: only what ranks everybody at once does so. All of it stands in this one file, because
a cached function does not notice what has changed in another.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

import numba
import numpy as np

from placement.jobs.ranking.variety import choose_varied

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile on first use and keep the machine code on disk, or in memory where that fails.

    Without a writable folder for the cache the first call of each process compiles anew.
    """
    try:
        kept = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # numba found no folder that it may write to
        kept = numba.njit(nogil=True, error_model="numpy")(function)
    return cast(Callable[Arguments, Result], kept)


class Lookup(NamedTuple):
    """A table, and where it is read: the row of each student, the column of each posting."""

    table: Any
    rows: Any
    columns: Any


class Texts(NamedTuple):
    """The students' terms by student and the postings' terms by term, with their weights."""

    student_starts: Any
    student_terms: Any
    student_weights: Any
    student_has: Any
    term_starts: Any
    term_postings: Any
    term_weights: Any
    posting_has: Any


class Settled(NamedTuple):
    """By student, the postings that are settled and the employers that are blocked."""

    posting_starts: Any
    postings: Any
    employer_starts: Any
    employers: Any


class Task(NamedTuple):
    """Everything the walk reads of a block of students and all postings.

    `gates` are tables of yes and no for level, major, reservation and accommodations. The other
    lookups hold values of parts; `adjustment` what feedback adds. `place` says which cities are
    allowed, `city_starts` and `city_postings` list the postings of each.
    """

    place: Any
    city_starts: Any
    city_postings: Any
    gates: Any
    settled: Settled
    employers: Any
    texts: Texts
    major: Lookup
    occupation: Lookup
    city: Lookup
    industry: Lookup
    care: Lookup
    adjustment: Lookup
    salary: Any
    pay: Any


class Rule(NamedTuple):
    """The numbers of a rule of scoring."""

    weights: Any
    text_gain: float
    salary_fade: float
    scale: float


class Best(NamedTuple):
    """Where the results go: students × pool, and how many postings each may be proposed."""

    postings: Any
    millionths: Any
    cosines: Any
    feasible: Any


class Sums(NamedTuple):
    """The postings in question, with the weighted parts and the weights known so far of each."""

    postings: Any
    totals: Any
    known: Any


@compiled
def _list_places(allowed: Any, starts: Any, items: Any, found: Any) -> int:
    """List the postings of the allowed cities; answer how many."""
    size = 0
    for city in range(len(allowed)):
        if allowed[city]:
            for at in range(starts[city], starts[city + 1]):
                found[size] = items[at]
                size += 1
    return size


@compiled
def _keep(found: Any, size: int, passes: Any, columns: Any) -> int:
    """Drop from the list what a gate does not let pass; answer how many are left."""
    kept = 0
    for at in range(size):
        if passes[columns[found[at]]]:
            found[kept] = found[at]
            kept += 1
    return kept


@compiled
def _drop(found: Any, size: int, unwanted: Any, columns: Any) -> int:
    """Drop from the list the postings with one of these few codes; answer how many are left."""
    kept = 0
    for at in range(size):
        keep = True
        for code in unwanted:
            keep = keep and columns[found[at]] != code
        if keep:
            found[kept] = found[at]
            kept += 1
    return kept


@compiled
def _compare_texts(texts: Texts, student: int, cosines: Any) -> None:
    """Add up the cosine of a student's text with that of every posting."""
    cosines[:] = 0.0
    postings, weights = texts.term_postings, texts.term_weights
    for at in range(texts.student_starts[student], texts.student_starts[student + 1]):
        term = texts.student_terms[at]
        own = texts.student_weights[at]
        for entry in range(texts.term_starts[term], texts.term_starts[term + 1]):
            cosines[postings[entry]] += weights[entry] * own


@compiled
def _add(sums: Sums, size: int, lookup: Lookup, student: int, weight: float) -> None:
    """Add a part that a table holds."""
    postings, totals, known = sums
    values = lookup.table[lookup.rows[student]]
    for at in range(size):
        value = values[lookup.columns[postings[at]]]
        if not np.isnan(value):
            totals[at] += weight * value
            known[at] += weight


@compiled
def _add_text(sums: Sums, size: int, cosines: Any, has: Any, gain: float, weight: float) -> None:
    """Add the part of the texts where the posting has one."""
    postings, totals, known = sums
    for at in range(size):
        if has[postings[at]]:
            totals[at] += weight * min(1.0, gain * cosines[postings[at]])
            known[at] += weight


@compiled
def _add_salary(sums: Sums, size: int, pay: Any, wish: float, fade: float, weight: float) -> None:
    """Add the part of the pay where both sides named a sum."""
    postings, totals, known = sums
    for at in range(size):
        value = 1.0 - (wish - pay[postings[at]]) / (fade * wish)
        if not np.isnan(value):
            totals[at] += weight * min(1.0, max(0.0, value))
            known[at] += weight


@compiled
def _sift(keys: Any, size: int, key: int) -> int:
    """Offer a key to a heap that keeps the largest; answer its new size."""
    at = size
    if size < len(keys):
        size += 1
        while at > 0 and keys[(at - 1) // 2] > key:
            keys[at] = keys[(at - 1) // 2]
            at = (at - 1) // 2
        keys[at] = key
    elif key > keys[0]:
        at = 0
        child = 1
        while child < size:
            if child + 1 < size and keys[child + 1] < keys[child]:
                child += 1
            if keys[child] >= key:
                break
            keys[at] = keys[child]
            at = child
            child = 2 * at + 1
        keys[at] = key
    return size


@compiled
def _finish(sums: Sums, size: int, added: Any, columns: Any, scale: float, keys: Any) -> int:
    """Make scores of the sums and keep the best as keys; answer how many.

    One number holds score and order, so that equal scores go by the postings' order.
    """
    postings, totals, known = sums
    last = len(columns) - 1
    kept = 0
    for at in range(size):
        mean = totals[at] / known[at] if known[at] > 0.0 else 0.0
        bounded = min(1.0, max(0.0, mean + added[columns[postings[at]]]))
        score = int(np.floor(bounded * scale + 0.5))
        kept = _sift(keys, kept, (score << 32) | (last - int(postings[at])))
    return kept


@compiled
def _pass_gates(task: Task, student: int, found: Any) -> int:
    """List the postings that keep every hard rule; answer how many."""
    settled = task.settled
    size = _list_places(task.place[student], task.city_starts, task.city_postings, found)
    for gate in task.gates:
        size = _keep(found, size, gate.table[gate.rows[student]], gate.columns)
    starts = settled.posting_starts
    unwanted = settled.postings[starts[student] : starts[student + 1]]
    if len(unwanted) > 0:
        size = _drop(found, size, unwanted, np.arange(len(found), dtype=np.int32))
    starts = settled.employer_starts
    unwanted = settled.employers[starts[student] : starts[student + 1]]
    if len(unwanted) > 0:
        size = _drop(found, size, unwanted, task.employers)
    return size


@compiled
def _add_parts(task: Task, rule: Rule, student: int, sums: Sums, size: int, cosines: Any) -> None:
    """Add all parts in the order of PARTS."""
    weights = rule.weights
    sums.totals[:size] = 0.0
    sums.known[:size] = 0.0
    _add(sums, size, task.major, student, weights[0])
    if task.texts.student_has[student]:
        _add_text(sums, size, cosines, task.texts.posting_has, rule.text_gain, weights[1])
    _add(sums, size, task.occupation, student, weights[2])
    _add(sums, size, task.city, student, weights[3])
    _add_salary(sums, size, task.pay, task.salary[student], rule.salary_fade, weights[4])
    _add(sums, size, task.industry, student, weights[5])
    _add(sums, size, task.care, student, weights[6])


@compiled
def rank_students(task: Task, rule: Rule, best: Best, first: int, end: int) -> None:
    """Fill in the best postings of the students `first` to `end` (excluded), best first."""
    postings = len(task.pay)
    cosines = np.zeros(postings)
    sums = Sums(np.zeros(postings, dtype=np.int32), np.zeros(postings), np.zeros(postings))
    keys = np.empty(best.postings.shape[1], dtype=np.int64)
    for student in range(first, end):
        size = _pass_gates(task, student, sums.postings)
        _compare_texts(task.texts, student, cosines)
        _add_parts(task, rule, student, sums, size, cosines)
        added = task.adjustment.table[task.adjustment.rows[student]]
        kept = _finish(sums, size, added, task.adjustment.columns, rule.scale, keys)
        best.feasible[student] = size
        ranked = np.sort(keys[:kept])[::-1]
        for rank in range(kept):
            posting = postings - 1 - (ranked[rank] & 0xFFFFFFFF)
            best.postings[student, rank] = posting
            best.millionths[student, rank] = ranked[rank] >> 32
            best.cosines[student, rank] = cosines[posting]


choose_for_all = compiled(choose_varied)
"""The same choice as for one student, compiled."""
