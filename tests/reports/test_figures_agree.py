"""Every figure agrees with the slow calculation, and with the list of the people behind it."""

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from placement.reports.answers import people_answer, rates_answer
from placement.reports.dimensions import Dimension, read_crossing
from placement.reports.masking import MASKED
from placement.reports.queries.people import people_behind
from placement.reports.queries.readings import begin_reading
from placement.reports.queries.reports import NoRegisterError, report_rates
from placement.reports.questions import Base, Basis, Condition, Status, ask
from tests.reports import oracle, oracle_rows
from tests.reports.history_makers import DAYS, MOMENTS, histories, write_history

CROSSINGS = [[d.value] for d in Dimension] + [
    ["sex", "level"],
    ["category", "origin"],
    ["part", "code"],
    ["university", "category", "part"],
    ["college", "county"],
]
random_history = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
asked = st.builds(
    oracle.Asked,
    class_year=st.sampled_from((*[2016] * 6, 2017)),
    as_of=st.sampled_from(DAYS[1:] + DAYS[3:]),
    known_at=st.sampled_from(MOMENTS + MOMENTS[2:]),
    scheme=st.sampled_from(["2021", "2024"]),
    base=st.sampled_from(["counted", "registered"]),
    basis=st.sampled_from(["verified", "reported"]),
)


def question_of(asked: oracle.Asked, crossings=(), where=()):
    return ask(
        asked.class_year,
        asked.as_of,
        known_at=asked.known_at,
        scheme=asked.scheme,
        base=Base(asked.base),
        basis=Basis(asked.basis),
        by=[read_crossing("+".join(names)) for names in crossings],
        where=where,
    )


def figures_of(row):
    return {name: value for name, value in row.items() if name not in {"key", "label", "headline"}}


@random_history
@given(history=histories(), asked=asked)
def test_every_row_of_every_dimension_agrees(app, superuser, history, asked):
    write_history(superuser, history)
    people = oracle.register(history, asked)
    event(f"{len(people)} in the register")

    try:
        answer = rates_answer(report_rates(question_of(asked, CROSSINGS)))
    except NoRegisterError:
        assert not people
        return

    assert figures_of(answer["total"]) == oracle_rows.row(people)
    for names in CROSSINGS:
        rows = {row["key"]: figures_of(row) for row in answer["by"]["+".join(names)]}
        assert rows == oracle_rows.rows(people, names)
    found = {item["standing"]: item["count"] for item in answer["exclusions"]}
    assert found == oracle_rows.exclusions(people)
    assert answer["overtaken"] == sum(one.reason == "overtaken" for one in people)
    assert sum(answer["reasons"].values()) == answer["total"]["denominator"]


@random_history
@given(
    history=histories(),
    asked=asked,
    names=st.sampled_from(CROSSINGS),
    status=st.sampled_from(["counted", "placed", "not_placed", "unknown", "excluded"]),
    data=st.data(),
)
def test_the_people_behind_a_row_are_those_it_counts(
    app, superuser, history, asked, names, status, data
):
    write_history(superuser, history)
    people = oracle.register(history, asked)
    keys = sorted({key for one in people for key in oracle.crossing_keys(one, names)})
    if not keys:
        return
    one = data.draw(st.sampled_from(people))
    chosen = [data.draw(st.sampled_from(oracle.keys(one, name))) for name in names]
    expected = oracle_rows.with_status(
        [
            p
            for p in people
            if all(k in oracle.keys(p, n) for n, k in zip(names, chosen, strict=True))
        ],
        status,
    )
    event(f"{len(expected)} behind the figure")
    where = [Condition(Dimension(n), k) for n, k in zip(names, chosen, strict=True)]

    reading = begin_reading(question_of(asked, where=where), None)
    answer = people_answer(people_behind(reading, Status(status), shown=MASKED))

    assert {int(person["student_number"]) for person in answer["people"]} == expected
    assert answer["count"] == len(answer["people"]) == len(expected)
    by_number = {p.student: p for p in people}
    for person in answer["people"]:
        seen = by_number[int(person["student_number"])]
        assert person["standing"] == seen.standing
        assert person["code"] == seen.code
        assert person["reason"] == seen.reason
        assert person["part"] == (seen.part if seen.counted else None)


@random_history
@given(history=histories(), asked=asked)
def test_both_schemes_place_the_same_people(app, superuser, history, asked):
    write_history(superuser, history)
    try:
        totals = [
            report_rates(question_of(oracle.Asked(**{**vars(asked), "scheme": scheme}))).total
            for scheme in ("2021", "2024")
        ]
    except NoRegisterError:
        return

    assert totals[0].placed == totals[1].placed
    assert totals[0].codes == totals[1].codes
    assert sum(totals[0].parts.values()) == sum(totals[1].parts.values())
