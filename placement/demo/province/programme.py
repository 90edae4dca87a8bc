"""What happens at a fair of the demo at an hour of its own."""

import datetime as dt
from dataclasses import dataclass

from placement.demo.province.fairs import FairPlan


@dataclass(frozen=True, slots=True)
class Hour:
    """An entry of the schedule; `kind` is talk, interviews, advice or other."""

    kind: str
    title: str
    place: str
    starts_at: dt.time
    ends_at: dt.time


def programme_of(fair: FairPlan) -> tuple[Hour, ...]:
    """Plan the day of a fair: a talk, two employers who interview at once, and advice."""
    first, second = (stand.employer for stand in fair.stands[:2])
    return (
        Hour("talk", "就业政策与求职补贴宣讲", "主舞台", dt.time(9, 30), dt.time(10, 15)),
        Hour("interviews", f"{first}现场面试", "洽谈区一", dt.time(10, 30), dt.time(12)),
        Hour("interviews", f"{second}现场面试", "洽谈区二", dt.time(13), dt.time(14, 30)),
        Hour("advice", "简历修改与一对一指导", "指导台", dt.time(9), dt.time(15)),
    )
