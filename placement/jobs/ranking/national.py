"""The engine's reference tables, made of the national ones."""

from functools import cache

from placement.jobs.ranking.facts import Tables, occupation_stem
from placement.reference import divisions, majors
from placement.reference.tables import read_rows

_CLASS_DIGITS = 4


@cache
def national_tables() -> Tables:
    """Give distances between divisions, classes of majors, and the majors of occupations.

    A vocational class of majors is taken for the undergraduate class of the same work, so that
    who learnt accounting at a college fits a posting that names 会计学; whether the level is
    high enough is a rule of its own.
    """
    return Tables(
        distance_km=divisions.distance_km,
        major_class=major_class,
        occupation_majors=_occupation_majors(),
    )


@cache
def major_class(code: str, level: str) -> str:
    """Give the class of a major of either catalogue, in the undergraduate one where it has one."""
    own = majors.class_of(code) or code[:_CLASS_DIGITS]
    return _counterparts().get(own, own)


@cache
def _counterparts() -> dict[str, str]:
    return {row["class"]: row["counterpart"] for row in read_rows("major_counterparts")}


def _occupation_majors() -> dict[str, frozenset[str]]:
    return {
        occupation_stem(row["occupation"]): frozenset(row["classes"].split(";"))
        for row in read_rows("occupation_majors")
    }
