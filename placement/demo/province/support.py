"""Who else stands by a case of the class under way: a paired helper, an approver, a subsidy.

Drawn from the numbers of the student alone, so that a handful of cases needs no other.
"""

import datetime as dt
import zlib
from dataclasses import dataclass

from placement.demo.province.casework import CaseWork

_HELPERS = (
    (
        "teacher",
        "郑文华",
        "就业指导中心",
        "zheng@helpers.example",
        "每两周见面一次，一起修改简历、练习面试",
    ),
    ("leader", "许国平", "院党委", "xu@helpers.example", "每月谈话一次，联系对口企业"),
    ("alumnus", "苏志远", "2009 届校友", "su@helpers.example", "介绍行业情况，推荐实习"),
    ("teacher", "蔡丽娟", "专业教研室", "cai@helpers.example", "辅导专业技能证书考试"),
    (
        "institution",
        "海峡人才服务站",
        "市公共就业服务中心",
        "station@helpers.example",
        "提供岗位信息，安排职业体验",
    ),
)
_WORDS = (
    "见面一小时，把简历改成一页，突出两段实习。",
    "模拟面试两次，比上月放松多了。",
    "陪同参观了一家对口企业，约好下月投递。",
    "电话聊了近况，鼓励参加下一场招聘会。",
)
_GAP, _SILENT_FOR = 28, 45


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperPlan:
    """A paired helper with what they did, the first first; `kind` is a word of the pairings."""

    kind: str
    name: str
    organisation: str
    email: str
    plan: str
    starts_on: dt.date
    ends_on: dt.date
    words: tuple[tuple[dt.date, str], ...]
    linked: bool
    """Whether the helper has a link."""
    objection: str
    """What the student has against it; empty for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """What stands beside one case; each part may be missing."""

    helper: HelperPlan | None
    approval: str
    """`asked`, `approved`, `returned`, or nothing."""
    subsidy: str
    """How far a subsidy is: `papers`, `applied`, `paid`, or nothing."""


def support_of(work: CaseWork, *, seed: int, today: dt.date, always: bool = False) -> Support:
    """What stands beside a case; `always` gives a helper and a subsidy whatever the draw."""
    drawn = zlib.crc32(f"{seed}/{work.university}/{work.student_number}".encode())
    if work.closed_on is not None:
        return Support(helper=None, approval="", subsidy="")
    under_way = any(goal.state == "open" for goal in work.goals) or any(
        action.state in {"planned", "doing"} for action in work.actions
    )
    paired, kind = drawn % 8 == 0 or always, drawn // 8 % 12
    return Support(
        helper=_helper(drawn, 0 if always else kind, work.opened_on, today) if paired else None,
        approval=("asked", "approved", "returned")[drawn // 7 % 3]
        if drawn % 7 == 1 and under_way
        else "",
        subsidy=("papers", "applied", "paid")[drawn // 5 % 3] if drawn % 5 < 2 or always else "",
    )


def _helper(drawn: int, kind: int, opened_on: dt.date, today: dt.date) -> HelperPlan:
    """`kind`: 3 is silent, 4 begins next week, 5 is not wanted, all others help and write."""
    helper, name, unit, email, plan = _HELPERS[drawn // 64 % len(_HELPERS)]
    if kind == 4:
        starts_on = today + dt.timedelta(days=7)
    else:
        starts_on = max(opened_on, today - dt.timedelta(days=60 + drawn % 60))
    quiet_since = today - dt.timedelta(days=_SILENT_FOR if kind == 3 else 3)
    days = [starts_on + dt.timedelta(days=3 + _GAP * number) for number in range(6)]
    words = tuple(
        (day, _WORDS[(drawn + number) % len(_WORDS)])
        for number, day in enumerate(days)
        if day <= quiet_since
    )
    return HelperPlan(
        kind=helper,
        name=name,
        organisation=unit,
        email=email,
        plan=plan,
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(days=300),
        words=words,
        linked=kind in {0, 1, 3},
        objection="想换一位同专业的老师，时间也更好约。" if kind == 5 else "",
    )
