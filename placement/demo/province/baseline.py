"""The counts of all graduates, with which the register's rates are compared."""

import datetime as dt

import numpy as np

from placement.demo.province.cohort import Cohort
from placement.demo.province.draws import Flags, Ints, Texts, share_out
from placement.demo.province.schools import all_schools
from placement.demo.province.sizes import round_share

HEADINGS = ("院校代码", "学历", "毕业生数", "落实人数", "统计日期")


def baseline_rows(
    cohort: Cohort, placed: Flags, as_of: dt.date, *, share: int = 1000
) -> list[tuple[str, ...]]:
    """Return a row for each university and level: all its graduates and how many are placed.

    `share` per mille of those in `placed` are placed on `as_of`. All graduates are those of the
    students' files and a few whose records are kept elsewhere, so that no cell is smaller than
    the files say.
    """
    levels, level = np.unique(cohort.places.level.astype(str), return_inverse=True)
    cell = cohort.places.school * len(levels) + level.astype(np.int64)
    size = len(all_schools()) * len(levels)
    students: Ints = np.bincount(cell, minlength=size)
    found: Ints = np.bincount(cell[placed], minlength=size)
    elsewhere = share_out(round_share(len(cohort), 5, 1000), students)
    found = found + elsewhere - share_out(round_share(int(elsewhere.sum()), 7, 100), elsewhere + 1)
    found = np.clip(found, 0, None)
    found = share_out(round_share(int(found.sum()), share, 1000), found)
    codes: Texts = np.repeat([school.code for school in all_schools()], len(levels))
    return [
        (str(code), str(name), str(graduates), str(count), as_of.isoformat())
        for code, name, graduates, count in zip(
            codes,
            np.tile(levels, len(all_schools())),
            (students + elsewhere).tolist(),
            found.tolist(),
            strict=True,
        )
        if graduates
    ]
