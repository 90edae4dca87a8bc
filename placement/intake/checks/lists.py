"""Partner lists: people whom another agency knows, to be matched with the students."""

import datetime as dt

from placement.intake.checks.affiliation import read_universities
from placement.intake.checks.draft import Checked, Draft, Options
from placement.intake.checks.papers import read_identities
from placement.intake.checks.problems import Fault
from placement.intake.checks.students import read_division
from placement.intake.checks.values import (
    read_date,
    read_name,
    read_number,
    text_reader,
)
from placement.intake.spreadsheets import Table
from placement.reference import divisions, sexes
from placement.reference.folding import fold_label

_WITHOUT_END = frozenset({"长期", "长期有效", "永久", "永久有效", "无", "无期限", "longterm"})


def check_list(table: Table, options: Options) -> Checked:
    """Check a partner list: a name is needed, an ID number where there is one has to be right.

    Nobody is refused for being on the list twice or for a university or place
    that is not known: the matching says what becomes of them. `birth_date` and
    `sex` come from the ID number where the list does not say them.
    """
    draft = Draft(table, options)
    draft.read("name", read_name, needed=True)
    identities = read_identities(draft, needed=False)
    draft.read("sex", sexes.find)
    draft.read("birth_date", _read_day_or_none)
    for place, identity in enumerate(identities):
        if identity is not None:
            draft.columns["birth_date"][place] = identity.birth_date
            draft.columns["sex"][place] = identity.sex or draft.columns["sex"][place]
    draft.read("student_number", _read_number_or_none)
    _read_university(draft, options)
    draft.read("division", _read_division_or_none)
    draft.read("card_number", text_reader(60))
    draft.read("level", text_reader(60))
    draft.read("valid_to", _read_end)
    return draft.finish()


def _read_university(draft: Draft, options: Options) -> None:
    # The agency's word for a school only helps to find people, so that one not
    # known is no reason to refuse the row.
    known = Draft(draft.table, Options(universities=options.universities))
    read_universities(known, needed=False)
    draft.columns["university"] = known.columns["university"]


def _read_number_or_none(text: str) -> str | None:
    number = read_number(text)
    return None if isinstance(number, Fault) else number


def _read_division_or_none(text: str) -> str | None:
    code = divisions.find(text) or read_division(text)
    return None if isinstance(code, Fault) else code


def _read_day_or_none(text: str) -> dt.date | None:
    day = read_date(text)
    return None if isinstance(day, Fault) else day


def _read_end(text: str) -> dt.date | Fault | None:
    return None if fold_label(text) in _WITHOUT_END else read_date(text)
