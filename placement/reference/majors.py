"""Majors of the national catalogues: undergraduate (2012) and vocational (2015)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from placement.reference.folding import fold_code, fold_label
from placement.reference.tables import read_rows


@dataclass(frozen=True, slots=True)
class Major:
    """One major; `kind` is 'undergraduate' or 'vocational', `catalogue` the year of its list."""

    code: str
    zh: str
    class_code: str
    kind: str
    catalogue: str

    @property
    def digits(self) -> str:
        """The six digits of the code, without the letters K and T."""
        return self.code[:6]


@cache
def all_majors() -> Mapping[str, Major]:
    """Return every major by its six digits."""
    return {
        row["code"][:6]: Major(row["code"], row["zh"], row["class"], row["kind"], row["catalogue"])
        for row in read_rows("majors")
    }


def get(code: str) -> Major | None:
    """Return the major of a code, written with or without the letters K and T, or None."""
    return all_majors().get(fold_code(code)[:6])


@cache
def _by_name() -> Mapping[str, tuple[Major, ...]]:
    found: dict[str, tuple[Major, ...]] = {}
    for major in all_majors().values():
        label = fold_label(major.zh)
        found[label] = (*found.get(label, ()), major)
    return found


def named(name_zh: str) -> tuple[Major, ...]:
    """Return the majors of that name: several where both catalogues have it, none if unknown."""
    return _by_name().get(fold_label(name_zh), ())


@cache
def classes() -> Mapping[str, str]:
    """Return the names of the classes of majors by their four digits ('0809': 计算机类)."""
    return {row["code"]: row["zh"] for row in read_rows("major_classes")}


def class_of(code: str) -> str | None:
    """Return the four digits of the class that a major's code belongs to, None if unknown."""
    digits = fold_code(code)[:4]
    return digits if digits in classes() else None
