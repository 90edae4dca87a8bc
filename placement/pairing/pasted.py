"""Pairs pasted from a spreadsheet: one a line, cells by tabs or commas; without a database."""

from dataclasses import dataclass

from placement.pairing.models import HelperKind
from placement.web.pasted import PastedError, pasted_lines

MOST_ROWS = 500
_HEADINGS = {"学号", "xh", "student number", "student_number"}
_KINDS = {
    "teacher": HelperKind.TEACHER,
    "教师": HelperKind.TEACHER,
    "老师": HelperKind.TEACHER,
    "leader": HelperKind.LEADER,
    "领导": HelperKind.LEADER,
    "校领导": HelperKind.LEADER,
    "领导干部": HelperKind.LEADER,
    "alumnus": HelperKind.ALUMNUS,
    "校友": HelperKind.ALUMNUS,
    "partner institution": HelperKind.INSTITUTION,
    "institution": HelperKind.INSTITUTION,
    "单位": HelperKind.INSTITUTION,
    "机构": HelperKind.INSTITUTION,
    "结对单位": HelperKind.INSTITUTION,
}


@dataclass(frozen=True, slots=True)
class PairLine:
    """One pair as it was pasted; what is empty comes from the form above the table."""

    line: int
    student_number: str
    name: str
    organisation: str
    kind: HelperKind | None
    email: str
    phone: str
    plan: str


def read_pairs(text: str) -> list[PairLine]:
    """Read pairs: student number, helper, unit, kind, e-mail, phone, plan; all but the first open.

    A line of headings and empty lines are passed over. Raises PastedError for the first line
    that cannot be read, for a pair that stands twice, and for nothing or too much.
    """
    pairs: list[PairLine] = []
    seen: set[tuple[str, str]] = set()
    for line, cells in pasted_lines(text, _HEADINGS):
        pair = _pair(cells, line)
        key = pair.student_number, pair.name
        if key in seen:
            raise PastedError("This pair is in the table twice.", line=line)
        seen.add(key)
        pairs.append(pair)
    if not pairs:
        raise PastedError("There is no student number in it.")
    if len(pairs) > MOST_ROWS:
        raise PastedError("These are too many at once.")
    return pairs


def _pair(cells: list[str], line: int) -> PairLine:
    student, name, unit, kind, email, phone, plan = (*cells, *[""] * 7)[:7]
    if not student:
        raise PastedError("A pair needs the student's number.", line=line)
    if len(name) > 100 or len(unit) > 200 or len(phone) > 40 or len(plan) > 500:
        raise PastedError("A cell of it is too long.", line=line)
    if kind and kind.lower() not in _KINDS:
        raise PastedError("Its kind is none of teacher, leader, alumnus, unit.", line=line)
    if email and ("@" not in email or len(email) > 200 or " " in email):
        raise PastedError("Its e-mail address is none.", line=line)
    return PairLine(line, student, name, unit, _KINDS.get(kind.lower()), email, phone, plan)
