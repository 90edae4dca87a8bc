"""Lin Mei, who learnt accounting in Fuzhou, and a posting that suits her."""

import dataclasses
import datetime as dt

from placement.jobs.ranking.facts import PostingFacts, SeekerFacts, Tables, Wishes
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.single import recommend_one

DAY = dt.date(2016, 10, 1)
KM = {("350121", "350100"): 20.0, ("350121", "350500"): 140.0, ("350121", "350200"): 210.0}
TABLES = Tables(
    distance_km=lambda home, city: KM.get((home, city)),
    occupation_majors={"2-06-03": frozenset({"1202"})},
)
LIN_MEI = SeekerFacts(
    id=1,
    level="31",
    major_code="120203",
    major_name="会计学",
    home="350121",
    wishes=Wishes(places=("350100", "350500"), salary=4200, skills="用友、报税"),
)
POSTING = PostingFacts(
    id=9,
    employer_id=5,
    title="会计",
    occupation="2-06-03-00",
    city="350100",
    salary_min=4500,
    salary_max=6000,
    level="41",
    deadline=DAY,
)


def ranked(posting, seeker=LIN_MEI, tables=TABLES):
    return recommend_one(prepare([posting], day=DAY, tables=tables), seeker)


def wishing(**changes):
    return dataclasses.replace(LIN_MEI, wishes=dataclasses.replace(LIN_MEI.wishes, **changes))
