"""What holds for any sequence of files: twice is once, and an undo gives back what was."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.intake.people import student
from tests.intake.taking import (
    counts,
    know_universities,
    look_at,
    register_now,
    take_students,
    undo,
)
from tests.servers import empty_tables

JUNE = dt.date(2016, 6, 1)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["吴建国", "单晓梅"]),
        "college": st.sampled_from(["文学院", "信息学院", ""]),
        "level": st.sampled_from(["31", "41", "42"]),
        "ethnic_group": st.sampled_from(["01", "22", "97"]),
        "origin": st.sampled_from(["农村", "城镇", ""]),
        "hardship_code": st.sampled_from(["0", "1", "2", "6", "7", ""]),
        "standing": st.sampled_from(["毕业", "延期", "退学", ""]),
        "standing_on": st.sampled_from(["2016-05-01", "2016-07-01", ""]),
        "mobile": st.sampled_from(["13800000001", "13900000002", ""]),
        "university": st.sampled_from(["90001", "90002"]),
    },
)
FILES = st.lists(
    st.tuples(
        st.dictionaries(st.integers(1, 4), CHANGES, min_size=1),
        st.sampled_from([None, JUNE]),
    ),
    min_size=1,
    max_size=4,
)


def rows_of(file: dict[int, dict[str, object]]) -> list[dict[str, object]]:
    return [student(serial, **changes) for serial, changes in file.items()]


@pytest.mark.usefixtures("app")
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(files=FILES)
def test_twice_is_once_and_an_undo_gives_back_what_was(superuser, files):
    empty_tables(superuser)
    know_universities()
    taken = []

    for file, effective_on in files:
        before = register_now()
        seen = look_at("students", *rows_of(file), effective_on=effective_on)
        answer = take_students(*rows_of(file), effective_on=effective_on)
        after = register_now()
        again = take_students(*rows_of(file), effective_on=effective_on)

        assert counts(seen) == counts(answer)
        assert (counts(again)[:2], register_now()) == ((0, 0), after)
        assert (before == after) == (counts(answer)[:2] == (0, 0))
        taken.append((before, answer))

    for before, answer in reversed(taken):
        undo(answer)
        assert register_now() == before
