"""No reason and no caution claims what does not stand in both records."""

from hypothesis import given

from placement.jobs.ranking.explain import explain_list
from placement.jobs.ranking.facts import place_includes
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.single import recommend_one
from placement.jobs.ranking.terms import fold
from placement.jobs.ranking.weights import Weights
from tests.jobs.ranking_strategies import DAY, TABLES, boards, distance, many, students


@many
@given(boards(), students())
def test_every_statement_stands_in_both_records(board, student):
    prepared = prepare(board, day=DAY, tables=TABLES)
    found = recommend_one(prepared, student)
    facts = {posting.id: posting for posting in board}

    for item in explain_list(prepared, student, found, 0, Weights()):
        posting = facts[item.posting_id]
        statements = [*item.reasons, *([item.caution] if item.caution else [])]
        for statement in statements:
            assert HOLDS[statement["code"]](student, posting, **statement["values"])
        assert len(item.reasons) <= 3
        assert len({reason["code"] for reason in item.reasons}) == len(item.reasons)
        assert bool(item.reasons_missing) == (len(item.reasons) < 3)


def shares_class(student, posting):
    return any(student.major_code.startswith(code[:4]) for code in posting.majors)


def shares_field(student, posting):
    return any(student.major_code[:2] == code[:2] for code in posting.majors)


def usual(posting):
    return TABLES.occupation_majors.get(posting.occupation[:7].removesuffix("-00")) or (
        TABLES.occupation_majors.get(posting.occupation[:4])
    )


def pays(posting, pay):
    return pay == [x for x in (posting.salary_min, posting.salary_max) if x is not None]


def is_far(student, posting, km):
    return round(distance(student.home, posting.city)) == km


HOLDS = {
    "major": lambda s, p, major, major_code: (
        major == s.major_name and major_code == s.major_code and shares_class(s, p)
    ),
    "major_occupation": lambda s, p, major, major_code, occupation: (
        not p.majors and occupation == p.occupation and s.major_code[:4] in usual(p)
    ),
    "skills": lambda s, p, skills: (
        all(
            fold(skill) in fold(s.wishes.skills)
            and fold(skill) in fold(p.title + " " + p.description)
            for skill in skills
        )
        and 0 < len(skills) <= 3
    ),
    "occupation": lambda s, p, occupation: (
        occupation == p.occupation and any(p.occupation.startswith(o) for o in s.wishes.occupations)
    ),
    "occupation_related": lambda s, p, occupation, wished: (
        occupation == p.occupation
        and wished in s.wishes.occupations
        and wished[:4] == occupation[:4]
        and not occupation.startswith(wished)
    ),
    "city": lambda s, p, city, place: (
        city == p.city and place in s.wishes.places and place_includes(place, city)
    ),
    "near_home": lambda s, p, km: is_far(s, p, km) and km < 100,
    "salary": lambda s, p, pay, wish: wish == s.wishes.salary and pays(p, pay) and max(pay) >= wish,
    "salary_near": lambda s, p, pay, wish: (
        wish == s.wishes.salary and pays(p, pay) and wish > max(pay) >= 0.8 * wish
    ),
    "industry": lambda s, p, industry: (
        industry == p.industry and any(industry.startswith(i) for i in s.wishes.industries)
    ),
    "care": lambda s, p, accommodations: (
        set(accommodations) == s.wishes.needs and s.wishes.needs <= p.accommodations
    ),
    "reserved": lambda s, p, categories: set(categories) == p.reserved_for & s.categories,
    "other_major": lambda s, p, major, major_code: (
        major == s.major_name != "" and not shares_class(s, p) and not shares_field(s, p)
    ),
    "few_skills": lambda s, p: bool(s.wishes.skills and p.title + p.description),
    "other_occupation": lambda s, p, occupation: (
        occupation == p.occupation
        and s.wishes.occupations
        and all(o[:4] != occupation[:4] for o in s.wishes.occupations)
    ),
    "called_far": lambda s, p, city: city == p.city and city in s.feedback.cities,
    "far": lambda s, p, km: is_far(s, p, km) and km > 100,
    "other_city": lambda s, p, city: (
        city == p.city
        and s.wishes.places
        and not any(place_includes(w, city) for w in s.wishes.places)
    ),
    "low_pay": lambda s, p, pay, wish: wish == s.wishes.salary and pays(p, pay) and max(pay) < wish,
    "other_industry": lambda s, p, industry: (
        industry == p.industry and not any(industry.startswith(i) for i in s.wishes.industries)
    ),
}
"""What each statement claims, told from the two records alone."""
