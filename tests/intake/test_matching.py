"""Partner lists and students: who is meant, who might be, and who is not ours."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.intake.matching import Candidate, Listed, match_list, missing_from
from placement.intake.similarity import NameLikeness, edits, likeness, similarity
from placement.reference.names import fold_name

BORN = dt.date(1993, 2, 2)
LIN = Candidate(
    key=1,
    name="林志强",
    id_key="A",
    birth_date=BORN,
    sex="1",
    student_number="20120002",
    university="90001",
    division="350825",
)
WU = Candidate(key=2, name="吴建国", id_key="B", birth_date=dt.date(1993, 4, 4), sex="1")


def match(*listed, candidates=(LIN, WU)):
    people = [Listed(row=row, **person) for row, person in enumerate(listed, start=2)]
    return match_list(people, candidates)


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("林志强", "matched", "same_id_and_name"),
        ("林志強", "matched", "same_id_and_name"),
        ("林 志 强", "matched", "same_id_and_name"),
        ("林\u3000志強", "matched", "same_id_and_name"),
        ("林志墙", "possible", "same_id_same_sound"),
        ("林至强", "possible", "same_id_same_sound"),
        ("林志军", "possible", "same_id_similar_name"),
        ("林*强", "possible", "same_id_masked_name"),
        ("林某某", "possible", "same_id_masked_name"),
        ("陈晓梅", "possible", "same_id_other_name"),
    ],
)
def test_same_id_number_with_the_name_written_as(name, state, reason):
    (found,) = match({"name": name, "id_key": "A"})

    assert (found.state, found.key, found.reason) == (state, 1, reason)
    assert (found.score == 1.0) is (state == "matched")


def test_less_alike_names_score_less():
    names = ["林志强", "林*强", "林志墙", "林志军", "陈晓梅"]

    scores = [match({"name": name, "id_key": "A"})[0].score for name in names]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_somebody_of_another_id_number_and_name_is_not_ours():
    (found,) = match({"name": "不在校", "id_key": "Z", "birth_date": BORN})

    assert (found.state, found.key, found.score) == ("not_ours", None, 0.0)


def test_namesake_with_another_id_number_is_not_ours():
    (found,) = match({"name": "林志强", "id_key": "Z", "birth_date": dt.date(1990, 1, 1)})

    assert found.state == "not_ours"


def test_namesake_who_shows_another_id_number_is_not_ours_even_at_the_same_university():
    (found,) = match({"name": "林志强", "id_key": "Z", "university": "90001"})

    assert found.state == "not_ours"


def test_same_name_and_birth_under_another_id_number_is_possible():
    (found,) = match({"name": "林志強", "id_key": "Z", "birth_date": BORN, "sex": "1"})

    assert (found.state, found.key, found.reason) == ("possible", 1, "same_name_and_birth")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"birth_date": BORN}, "same_name_and_birth"),
        ({"student_number": "20120002"}, "same_name_and_number"),
        ({"university": "90001"}, "same_name_and_school"),
        ({"division": "350825"}, "same_name_and_place"),
        ({}, "same_name_only"),
    ],
)
def test_without_an_id_number_a_name_needs_something_that_agrees(facts, reason):
    (found,) = match({"name": "林志强", **facts})

    assert (found.state, found.key, found.reason) == ("possible", 1, reason)
    assert found.score < 1


@pytest.mark.parametrize(
    "facts", [{"birth_date": dt.date(1993, 2, 3)}, {"sex": "2"}, {"university": "90002"}]
)
def test_what_contradicts_makes_another_person_of_a_namesake(facts):
    (found,) = match({"name": "林志强", **facts})

    assert found.state == "not_ours"


def test_similar_name_with_the_same_student_number_is_possible():
    (found,) = match({"name": "林志军", "student_number": "20120002"})

    assert (found.state, found.key, found.reason) == ("possible", 1, "similar_name_and_number")


def test_another_name_with_the_same_student_number_is_not_ours():
    (found,) = match({"name": "陈晓梅", "student_number": "20120002"})

    assert found.state == "not_ours"


def test_few_namesakes_are_all_shown_and_many_are_no_help():
    few = [Candidate(key=key, name="王伟") for key in range(3)]
    many = [Candidate(key=key, name="王伟") for key in range(6)]

    (shown,) = match({"name": "王伟"}, candidates=few)
    (silent,) = match({"name": "王伟"}, candidates=many)

    assert (shown.state, shown.key, shown.alternatives) == ("possible", 0, (1, 2))
    assert (silent.state, silent.message) == (
        "not_ours",
        "6 students have this name; the list says nothing else.",
    )


def test_namesakes_are_told_apart_by_what_agrees():
    namesakes = [
        Candidate(key=1, name="王伟", division="350102"),
        Candidate(key=2, name="王伟", division="350922"),
    ]

    (found,) = match({"name": "王伟", "division": "350922"}, candidates=namesakes)

    assert (found.key, found.alternatives) == (2, ())


def test_person_on_the_list_twice_is_a_duplicate_that_names_the_first_row():
    first, again = match({"name": "林志强", "id_key": "A"}, {"name": "林志強", "id_key": "A"})

    assert (first.state, again.state) == ("matched", "duplicate")
    assert (again.key, again.message) == (1, "The same person as in row 2.")


def test_best_row_of_a_person_stands_wherever_it_is():
    wrong, right = match({"name": "陈晓梅", "id_key": "A"}, {"name": "林志强", "id_key": "A"})

    assert (wrong.state, right.state) == ("duplicate", "matched")
    assert wrong.values == {"row": 3}


def test_row_without_id_number_repeats_one_that_was_matched():
    named, matched = match({"name": "林志强"}, {"name": "林志强", "id_key": "A"})

    assert (named.state, matched.state) == ("duplicate", "matched")


def test_stranger_on_the_list_twice_is_a_duplicate_too():
    first, again = match({"name": "不在校", "id_key": "Z"}, {"name": "不在校", "id_key": "Z"})

    assert (first.state, again.state, again.key) == ("not_ours", "duplicate", None)


def test_two_strangers_of_one_name_are_two():
    found = match({"name": "不在校", "id_key": "Y"}, {"name": "不在校", "id_key": "Z"})

    assert [m.state for m in found] == ["not_ours", "not_ours"]


def test_who_is_missing_from_a_complete_list():
    matches = match({"name": "林志强", "id_key": "A"}, {"name": "王伟"})

    assert missing_from(matches, [1, 2, 2, 3]) == [2, 3]


def test_who_is_possibly_there_is_not_missing():
    matches = match({"name": "吴某", "id_key": "B"})

    assert missing_from(matches, [2]) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("阿依古丽·买买提", "阿依古丽•买买提", NameLikeness.SAME),
        ("阿依古丽·买买提", "阿依古丽买买提", NameLikeness.SAME),
        ("ＬＩＮ Mei", "lin mei", NameLikeness.SAME),
        ("蔣瑩", "蒋莹", NameLikeness.SAME),
        ("章子怡", "张子怡", NameLikeness.SOUND),
        ("欧阳娜", "欧阳娜娜", NameLikeness.SIMILAR),
        ("王伟", "伟王", NameLikeness.OTHER),
        ("**", "王伟", NameLikeness.OTHER),
        ("王*", "王小伟", NameLikeness.OTHER),
    ],
)
def test_how_alike_two_names_are(one, other, expected):
    assert likeness(one, other) is expected
    assert likeness(other, one) is expected


NAMES = st.text("林志强強王伟梅*·ab ", max_size=5)


@given(NAMES, NAMES)
def test_edits_are_a_distance(one, other):
    assert edits(one, other) == edits(other, one)
    assert (edits(one, other) == 0) is (one == other)
    assert abs(len(one) - len(other)) <= edits(one, other) <= max(len(one), len(other))
    assert 0 <= similarity(one, other) <= 1


@given(st.text())
def test_folding_a_name_twice_changes_nothing(name):
    assert fold_name(fold_name(name)) == fold_name(name)


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "id_key": st.sampled_from([None, "A", "B", "C"])},
        optional={
            "birth_date": st.sampled_from([BORN, dt.date(1993, 4, 4)]),
            "student_number": st.sampled_from(["1", "2"]),
            "university": st.sampled_from(["90001", "90002"]),
        },
    ),
    max_size=8,
)


@given(PEOPLE, PEOPLE)
def test_every_row_has_one_state_and_nobody_is_matched_by_name_alone(rows, students):
    candidates = [Candidate(key=key, **student) for key, student in enumerate(students)]

    found = match(*rows, candidates=candidates)

    assert [m.row for m in found] == list(range(2, len(rows) + 2))
    matched = [m for m in found if m.state == "matched"]
    assert len({m.key for m in matched}) == len(matched)
    for one, row in zip(found, rows, strict=True):
        if one.state == "matched":
            assert row["id_key"] == candidates[one.key].id_key
            assert fold_name(row["name"]) == fold_name(candidates[one.key].name)
        assert (one.key is None) is (one.state == "not_ours") or one.state == "duplicate"
        assert one.message
