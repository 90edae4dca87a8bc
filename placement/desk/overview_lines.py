"""What each line of the overview says of a caseload or a university, ready to be printed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from placement.web.filters import number

_LED = Markup('<a class="number" href="{}">{}</a>')
_NONE = Markup('<span class="number">0</span>')
STATES = (("overdue", "overdue"), ("silent", "silent"), ("without_step", "no_step"))
"""The columns that lead to their people, each with the state that finds them in the list."""


def overview_lines(
    rows: Iterable[Any], standard: Mapping[int, int], *, year: int, by_counselor: bool
) -> Iterator[dict[str, Any]]:
    """The values of the macro `overview_line` for each caseload, or university.

    `standard` counts by the row's number those of its people who got all that the standard asks.
    """
    whose = "counselor" if by_counselor else "university"
    # The number stands last, so that the address is the same up to it.
    plain = url_for("desk.list_students", year=year)
    led_to = {
        column: f"{url_for('desk.list_students', year=year, state=state)}&{whose}="
        for column, state in STATES
    }
    for row in rows:
        led = {
            column: _LED.format(f"{address}{row.id}", number(row._mapping[column]))
            if row._mapping[column]
            else _NONE
            for column, address in led_to.items()
        }
        yield {
            "url": f"{plain}&{whose}={row.id}",
            "name": row.display_name if by_counselor else row.name,
            "people": number(row.people),
            "open": number(row.open),
            **led,
            "standard": f"{number(standard.get(row.id, 0))} / {number(row.open)}",
        }
