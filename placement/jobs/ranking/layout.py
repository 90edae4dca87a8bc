"""Students and postings laid out as the compiled walk reads them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from placement.jobs.ranking.interning import ragged
from placement.jobs.ranking.kernel import Best, Lookup, Rule, Settled, Task, Texts
from placement.jobs.ranking.parts import SCALE, Meeting
from placement.jobs.ranking.relations import REFUSED
from placement.jobs.ranking.terms import places_of
from placement.jobs.ranking.weights import Weights


def lay_out_rule(rule: Weights) -> Rule:
    """Give the numbers of a rule that the walk uses; the rest is in the tables already."""
    return Rule(np.asarray(rule.of_parts), rule.text_gain, rule.salary_fade, float(SCALE))


def make_room(students: int, pool: int) -> Best:
    """Make room for the results of some students: nothing found yet."""
    return Best(
        postings=np.full((students, pool), -1, dtype=np.int32),
        millionths=np.zeros((students, pool), dtype=np.int32),
        cosines=np.zeros((students, pool)),
        feasible=np.zeros(students, dtype=np.int32),
    )


def lay_out(meeting: Meeting) -> Task:
    """Lay out a block of students before the postings."""
    prepared, seekers = meeting.prepared, meeting.seekers
    relations, block = meeting.relations, meeting.block
    rows = block.rows
    own = np.arange(len(rows), dtype=np.int32)
    majors = seekers.majors.codes[rows]
    return Task(
        place=block.city_allowed,
        city_starts=prepared.by_city.starts,
        city_postings=prepared.by_city.items,
        gates=_gates(meeting),
        settled=_settled(meeting),
        employers=prepared.employers.codes,
        texts=_texts(meeting),
        major=Lookup(relations.majors, majors, prepared.majors.codes),
        occupation=Lookup(block.occupation, own, prepared.occupations.codes),
        city=Lookup(block.city, own, prepared.cities.codes),
        industry=Lookup(block.industry, own, prepared.industries.codes),
        care=Lookup(
            relations.needs[:, np.newaxis].copy(),
            seekers.needs.codes[rows],
            np.zeros(len(prepared), dtype=np.int32),
        ),
        adjustment=Lookup(block.adjustment, own, prepared.occupation_classes.codes),
        salary=seekers.salary[rows],
        pay=prepared.pay,
    )


def _gates(meeting: Meeting) -> tuple[Lookup, ...]:
    prepared, seekers, relations = meeting.prepared, meeting.seekers, meeting.relations
    rows = meeting.block.rows
    ranks = np.arange(max(prepared.level_ranks.max(), seekers.level_ranks.max()) + 1)
    return (
        Lookup(ranks[:, np.newaxis] >= ranks, seekers.level_ranks[rows], prepared.level_ranks),
        Lookup(relations.majors != REFUSED, seekers.majors.codes[rows], prepared.majors.codes),
        Lookup(relations.reserved, seekers.categories.codes[rows], prepared.reserved.codes),
        Lookup(relations.accommodations, seekers.needs.codes[rows], prepared.accommodations.codes),
    )


def _settled(meeting: Meeting) -> Settled:
    prepared = meeting.prepared
    posting_at = {number: at for at, number in enumerate(prepared.ids.tolist())}
    employer_at = {number: at for at, number in enumerate(prepared.employers.values)}
    facts = [meeting.seekers.facts[row] for row in meeting.block.rows.tolist()]
    postings = ragged([_known(posting_at, s.excluded) for s in facts])
    employers = ragged([_known(employer_at, s.feedback.blocked_employers) for s in facts])
    return Settled(postings.starts, postings.items, employers.starts, employers.items)


def _known(places: dict[int, int], numbers: frozenset[int]) -> Sequence[int]:
    return [places[number] for number in numbers if number in places]


def _texts(meeting: Meeting) -> Texts:
    """Lay out the texts; of the students' terms only those that some posting has are kept."""
    prepared, seekers = meeting.prepared, meeting.seekers
    rows: NDArray[np.int64] = meeting.block.rows
    vectors = seekers.vectors[rows]
    columns = places_of(seekers.terms, prepared.terms)[vectors.indices]
    shared = columns >= 0
    return Texts(
        student_starts=np.concatenate([[0], np.cumsum(shared)])[vectors.indptr],
        student_terms=columns[shared],
        student_weights=vectors.data[shared],
        student_has=seekers.has_text[rows],
        term_starts=prepared.index.indptr,
        term_postings=prepared.index.indices,
        term_weights=prepared.index.data,
        posting_has=prepared.has_text,
    )
