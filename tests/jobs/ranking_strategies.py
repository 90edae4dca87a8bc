"""Any board of postings and any student, for the tests of what always holds."""

import dataclasses
import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st

from placement.jobs.ranking.facts import Feedback, PostingFacts, SeekerFacts, Tables, Wishes

DAY = dt.date(2016, 10, 1)
CITIES = ("350100", "350200", "350500", "350800", "")
OCCUPATIONS = ("2-02-10-03", "2-02-10-04", "2-02-07-01", "2-06-03-00", "3-01-02-02", "")
MAJORS = ("080901", "080902", "081001", "120203", "630302", "0809", "12")
GROUPS = ("disability", "rural_origin", "family_hardship")
AIDS = ("电梯", "无障碍通道", "可远程办公")
WORDS = (
    "用友",
    "报税",
    "会计核算",
    "测试用例",
    "Linux",
    "SQL",
    "C++",
    "文字材料",
    "的工作",
    "护理",
)


def few(values, most=3):
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


def distance(home, city):
    """Kilometres on a line, unknown to and from the last city."""
    if "350800" in (home, city):
        return None
    return abs(int(home[2:4]) - int(city[2:4])) * 45.0


TABLES = Tables(
    distance_km=distance,
    occupation_majors={"2-06-03": frozenset({"1202"}), "2-02": frozenset({"0809"})},
)
texts = st.lists(st.sampled_from(WORDS), max_size=4).map("，".join)
pay = st.none() | st.integers(15, 90).map(lambda hundreds: hundreds * 100.0)


@st.composite
def postings(draw, number):
    low, high = sorted((draw(pay) or 0, draw(pay) or 0))
    return PostingFacts(
        id=number,
        employer_id=draw(st.integers(1, 4)),
        title=draw(texts),
        occupation=draw(st.sampled_from(OCCUPATIONS)),
        city=draw(st.sampled_from(CITIES)),
        salary_min=low or None,
        salary_max=high or None,
        level=draw(st.sampled_from(["", "41", "31", "11"])),
        majors=tuple(draw(few(MAJORS, 2))),
        majors_strict=draw(st.booleans()),
        deadline=draw(st.none() | st.integers(-2, 5).map(lambda days: DAY + dt.timedelta(days))),
        description=draw(texts),
        reserved_for=frozenset(draw(few(GROUPS, 1))),
        accommodations=frozenset(draw(few(AIDS))),
        industry=draw(st.sampled_from(["", "J", "J66", "C13"])),
        open=draw(st.sampled_from([True, True, True, False])),
        employer_verified=draw(st.sampled_from([True, True, True, False])),
    )


@st.composite
def boards(draw, least=1):
    size = draw(st.integers(least, 9))
    return [draw(postings(number)) for number in range(1, size + 1)]


@st.composite
def students(draw):
    wishes = Wishes(
        places=tuple(draw(few(("350000", *CITIES[:-1])))),
        anywhere=draw(st.booleans()),
        salary=draw(pay),
        occupations=tuple(draw(few(("2-02", *OCCUPATIONS[:-1]), 2))),
        industries=tuple(draw(few(("J", "J66", "C"), 2))),
        distance_km=draw(st.none() | st.integers(1, 300).map(float)),
        skills=draw(texts),
        needs=frozenset(draw(few(AIDS, 1))),
    )
    feedback = Feedback(
        cities=dict.fromkeys(draw(few(CITIES[:-1], 1)), 0.5),
        occupations=dict.fromkeys(draw(few(("2-02", "2-06"), 1)), -0.15),
        blocked_employers=frozenset(draw(few((1, 2, 3, 4), 1))),
    )
    major = draw(st.sampled_from(["", *MAJORS[:5]]))
    return SeekerFacts(
        id=1,
        level=draw(st.sampled_from(["", "61", "41", "31", "11", "01"])),
        major_code=major,
        major_name=f"专业{major}" if major else "",
        home=draw(st.sampled_from(CITIES)),
        wishes=wishes if draw(st.booleans()) else dataclasses.replace(wishes, needs=frozenset()),
        categories=frozenset(draw(few(GROUPS))),
        excluded=frozenset(draw(few(tuple(range(1, 15)), 2))),
        feedback=feedback if draw(st.booleans()) else Feedback(),
    )


many = settings(max_examples=40, deadline=None)
"""How often each property is tried."""
