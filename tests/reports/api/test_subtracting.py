"""Who asks many questions with a token that hides small counts learns what is published."""

import itertools
from typing import get_args

import pytest

from placement.reports.api.schemas import Group
from placement.reports.disclosure.releases import SMALLEST
from tests.factories import make_outcome, make_student
from tests.reports.disclosure.attacker import Attacker

DAY = "rates?class_year=2016&as_of=2016-12-31"
NEVER_PUBLISHED = {"ethnic", "origin", "county"}


def as_tables(answers):
    """What answers have told, as an attacker lays it out."""
    tables = {}
    for answer in answers:
        for name, rows in (("total", [answer["total"]]), (answer["by"], answer["rows"])):
            tables[name] = {
                "measures": list(rows[0]["counts"]) if rows else [],
                "rows": [{"key": row["key"], **row["counts"], **row["rates"]} for row in rows],
            }
    return tables


def test_all_answers_together_tell_no_more_than_the_publication(cast, asked, token_of, publication):
    token = token_of(cast.huang)
    days = ("", "&as_of=2016-12-31", "&as_of=2016-12-30")
    bases = ("", "&base=registered", "&basis=reported", "&known_at=2017-01-01T00:00:00Z")
    answers = []

    for by, day, other in itertools.product(get_args(Group), days, bases):
        answer = asked(f"rates?class_year=2016{day}{other}&by={by}", token)
        if other:
            assert answer.status_code == 422
        elif day.endswith("30"):
            assert answer.status_code == 404
        elif by not in publication.tables:
            assert answer.status_code == 422
        else:
            answers.append(answer.json)

    tables = as_tables(answers)
    assert set(tables) == {"total", *get_args(Group)} - {"college"} - NEVER_PUBLISHED
    for name, table in tables.items():
        printed = publication.tables[name]
        measures = printed["measures"]
        assert [[row["key"], *(row[m] for m in measures)] for row in table["rows"]] == [
            [row["key"], *(row[m] for m in measures)] for row in printed["rows"]
        ]
    values, _ = Attacker(tables).narrowest(most=12)
    assert values >= SMALLEST


def test_what_happened_since_is_not_told(cast, asked, token_of, publication):
    token = token_of(cast.huang)
    before = asked(f"{DAY}&by=level", token).json

    make_outcome(make_student(cast.university, level="41"), "10")

    assert asked(f"{DAY}&by=level", token).json == before
    assert before["small_counts"] == "hidden"
    assert before["publication_id"] == publication.id


@pytest.mark.parametrize("path", ["rates?class_year=2016", DAY])
def test_university_without_a_publication_of_its_own_learns_nothing(
    cast, asked, token_of, publication, path
):
    assert asked(path, token_of(cast.zheng)).status_code == 404
