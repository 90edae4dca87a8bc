"""Who is in which category, and which file says so: the students' own or a partner agency's list.

The categories are bits of one number for each student, so that overlaps are counted exactly.
"""

from dataclasses import dataclass

import numpy as np

from placement.demo.province.draws import Flags, Ints, choose, draw, share_out

RURAL, HARDSHIP, ETHNIC, DISABILITY = 1, 2, 4, 8
CATEGORY_BITS = {
    "family_hardship": HARDSHIP,
    "ethnic_minority": ETHNIC,
    "rural_origin": RURAL,
    "disability": DISABILITY,
}

FAMILY_LISTS = ("poverty", "low_income", "extreme_poverty", "zero_employment_family")
LIST_KINDS = (*FAMILY_LISTS, "disability")

_SHARES = {
    RURAL: 0.49,
    HARDSHIP: 0.243,
    RURAL | HARDSHIP: 0.175,
    ETHNIC: 0.033,
    RURAL | ETHNIC: 0.023,
    HARDSHIP | ETHNIC: 0.007,
    RURAL | HARDSHIP | ETHNIC: 0.013,
    DISABILITY: 0.004,
    RURAL | DISABILITY: 0.003,
    HARDSHIP | DISABILITY: 0.0045,
    RURAL | HARDSHIP | DISABILITY: 0.004,
    ETHNIC | DISABILITY: 0.0001,
    RURAL | ETHNIC | DISABILITY: 0.0001,
    HARDSHIP | ETHNIC | DISABILITY: 0.0001,
    RURAL | HARDSHIP | ETHNIC | DISABILITY: 0.0002,
}
"""The share of the register in each overlap of the categories; nobody is in none."""

_EMPLOYMENT_BIT, _HARDSHIP_BIT, _DISABILITY_BIT = 1, 2, 4

FILE_BITS = {
    kind: _DISABILITY_BIT if kind == "disability" else _HARDSHIP_BIT for kind in LIST_KINDS
}
"""The bit of the hardship code that says the same as a list."""

PENDING_LIST = "zero_employment_family"
"""The list of the class under way whose matches wait for the universities' decision."""


@dataclass(frozen=True, slots=True)
class Hardship:
    """Columns of a class year: the true categories, what the students' file says, who is on a list.

    `bits` are the categories once every list is confirmed; `code` is the hardship code of the
    file (KNSLBDM, 0 to 7); `lists` says for each kind of list who is on it.
    """

    bits: Ints
    code: Ints
    lists: dict[str, Flags]

    def has(self, category: int) -> Flags:
        """Say who is in the category of this bit."""
        members: Flags = (self.bits & category) != 0
        return members


def draw_hardship(rng: np.random.Generator, registered: Flags) -> Hardship:
    """Put everybody of the register into one category or more, and nobody else into any."""
    rows = np.flatnonzero(registered)
    bits = np.zeros(len(registered), dtype=np.int64)
    bits[rows] = rng.permutation(_patterns(len(rows)))
    by_file, by_list = _bases(rng, (bits & HARDSHIP) != 0, only_list=0.15, only_file=0.28)
    code = np.where(by_file, _HARDSHIP_BIT, 0)
    lists = _family_lists(rng, by_list)
    disabled, lists["disability"] = _bases(
        rng, (bits & DISABILITY) != 0, only_list=0.2, only_file=0.22
    )
    code += np.where(disabled, _DISABILITY_BIT, 0)
    return Hardship(bits, code + _employment_difficulty(rng, bits, code, lists), lists)


def without_pending_basis(hardship: Hardship) -> Hardship:
    """Move those whose category rests on the list that waits for a decision to another list."""
    others = [hardship.lists[kind] for kind in FAMILY_LISTS if kind != PENDING_LIST]
    settled = ((hardship.code & _HARDSHIP_BIT) != 0) | np.logical_or.reduce(others)
    alone = hardship.lists[PENDING_LIST] & ~settled
    lists = dict(hardship.lists)
    lists[PENDING_LIST] = hardship.lists[PENDING_LIST] & ~alone
    lists["poverty"] = hardship.lists["poverty"] | alone
    return Hardship(hardship.bits, hardship.code, lists)


def _patterns(count: int) -> Ints:
    """Return `count` sets of categories in the shares of the province, none empty if it can be."""
    kinds = np.asarray(list(_SHARES), dtype=np.int64)
    counts = share_out(count, list(_SHARES.values()))
    for category in CATEGORY_BITS.values():
        if counts[(kinds & category) != 0].sum() == 0:
            counts[np.argmax(counts)] -= 1
            counts[np.flatnonzero(kinds == category)[0]] += 1
    return np.repeat(kinds, counts)


def _bases(
    rng: np.random.Generator, members: Flags, *, only_list: float, only_file: float
) -> tuple[Flags, Flags]:
    """Say for the members of a category who is so by the file and who by a list; most by both."""
    rows = rng.permutation(np.flatnonzero(members))
    on_list_only, in_file_only, _ = share_out(
        len(rows), [only_list, only_file, 1 - only_list - only_file]
    )
    by_file, by_list = members.copy(), members.copy()
    by_file[rows[:on_list_only]] = False
    by_list[rows[on_list_only : on_list_only + in_file_only]] = False
    return by_file, by_list


def _family_lists(rng: np.random.Generator, on_list: Flags) -> dict[str, Flags]:
    rows = np.flatnonzero(on_list)
    kind = draw(rng, [0.55, 0.34, 0.03, 0.08], len(rows))
    second = rng.random(len(rows))
    lists = {}
    for index, name in enumerate(FAMILY_LISTS):
        flags = np.zeros(len(on_list), dtype=np.bool_)
        flags[rows[kind == index]] = True
        lists[name] = flags
    # Some households are on two lists: poor and on the allowance, or with nobody in work.
    lists["low_income"][rows[(kind == 0) & (second < 0.14)]] = True
    lists["zero_employment_family"][rows[(kind == 1) & (second < 0.05)]] = True
    return lists


def _employment_difficulty(
    rng: np.random.Generator, bits: Ints, code: Ints, lists: dict[str, Flags]
) -> Ints:
    """Return bit 1 for some who are in another category by the same file, so for nobody alone."""
    derived = (bits & (RURAL | ETHNIC)) != 0
    only_by_list = (code == 0) & np.logical_or.reduce(list(lists.values()))
    able = np.flatnonzero(((code != 0) | derived) & ~only_by_list)
    found = np.zeros(len(bits), dtype=np.int64)
    found[choose(rng, able, round(0.12 * len(able)))] = _EMPLOYMENT_BIT
    return found
