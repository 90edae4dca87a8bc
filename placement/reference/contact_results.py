"""What commonly comes of a contact: the result, when the next is due, what happens next."""

import datetime as dt

from placement.reference.tables import CodeTable, Entry

_table = CodeTable("contact_results")

entries = _table.entries
entry = _table.entry


def on(day: dt.date) -> list[Entry]:
    """The entries in use on `day`, the commonest first."""
    return [entry for entry in entries.values() if entry.holds_on(day)]


def next_day(code: str, contacted_on: dt.date) -> dt.date:
    """When the next contact is due after one on a day. Raises InvalidValueError."""
    return contacted_on + dt.timedelta(days=int(entry(code).details["next_days"]))


def result(code: str) -> str:
    """The result that is recorded, a value of FollowUpResult. Raises InvalidValueError."""
    return entry(code).details["result"]


def step(code: str, locale: str) -> str:
    """What happens next, in the language of `locale`. Raises InvalidValueError."""
    return entry(code).details["step_zh" if locale.startswith("zh") else "step_en"]
