"""Stands pasted from a spreadsheet: one a line, cells by tabs or commas; without a database."""

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from placement.fairs.operations import StandPlan
from placement.web.pasted import PastedError, pasted_lines

MOST_ROWS = 500
_HEADINGS = {"stand", "展位", "展位号", "摊位", "摊位号", "number", "编号"}


def read_stands(text: str) -> list[StandPlan]:
    """Read stands: number, employer, credit code, offers, openings; the last three may be empty.

    A line of headings and empty lines are passed over. Raises PastedError for the first line
    that cannot be read, for a number that stands twice, and for nothing or too much.
    """
    plans: list[StandPlan] = []
    seen: set[str] = set()
    for line, cells in pasted_lines(text, _HEADINGS):
        plan = _plan(cells, line)
        if plan.number in seen:
            raise PastedError("This stand is in the table twice.", line=line)
        seen.add(plan.number)
        plans.append(plan)
    if not plans:
        raise PastedError("There is no stand in it.")
    if len(plans) > MOST_ROWS:
        raise PastedError("These are too many at once.")
    return plans


def _plan(cells: list[str], line: int) -> StandPlan:
    number, name, code, offers, openings = (*cells, "", "", "", "", "")[:5]
    if not number or not name:
        raise PastedError("A stand needs its number and an employer.", line=line)
    if len(number) > 20 or len(name) > 200 or len(offers) > 300:
        raise PastedError("A cell of it is too long.", line=line)
    if openings and not (openings.isdecimal() and 0 < int(openings[:7]) <= 100_000):
        raise PastedError("Its openings are no number.", line=line)
    if code:
        try:
            code = uscc.validate(code)
        except ValidationError:
            raise PastedError("Its credit code is wrong: look at it again.", line=line) from None
    return StandPlan(
        number=number,
        employer_name=name,
        employer_code=code or None,
        offers=offers,
        openings=int(openings) if openings else None,
    )
