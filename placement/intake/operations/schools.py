"""Takes in the list of universities: code, name, city, kind."""

from functools import partial
from typing import Any

from sqlalchemy import Text, select

from placement.accounts.models import University
from placement.db import db
from placement.errors import NotAllowedError
from placement.intake.models import ChangeKind
from placement.intake.operations.arrays import is_any
from placement.intake.operations.run import ImportRun
from placement.students.names import read_title

TABLES = ("universities",)
"""Tables in which the list may add rows."""

_COLUMNS = ("name", "city", "kind")


def take_universities(run: ImportRun) -> None:
    """Add the universities of the accepted rows or correct their name, city and kind.

    An empty cell leaves what is known. Raises NotAllowedError for an import that is narrowed to
    one university.
    """
    if run.options.university_id is not None:
        raise NotAllowedError(
            "The list of universities is the province's.", remedy="Ask the province."
        )
    columns = run.checked.columns
    known = _known(sorted(columns["code"]), lock=run.writing is not None)
    for index, code in enumerate(columns["code"]):
        said = {name: columns[name][index] for name in _COLUMNS if columns[name][index]}
        university = known.get(code)
        changed = {
            name: value
            for name, value in said.items()
            if university is not None and getattr(university, name) != value
        }
        before = {name: getattr(university, name) for name in changed}
        run.tally.count(
            index,
            created=university is None,
            updated=bool(changed),
            say=partial(dict[str, Any], before=before),
        )
        if run.writing is None:
            continue
        if university is None:
            added = University(code=code, import_id=run.writing.import_.id, **_keyed(said))
            db.session.add(added)
        elif changed:
            _correct(run, university, _keyed(changed))
    db.session.flush()
    run.report(len(run.checked), len(run.checked))


def _known(codes: list[str], *, lock: bool) -> dict[str, University]:
    known = select(University).where(is_any(University.code, codes, Text))
    if lock:
        known = known.with_for_update()
    return {university.code: university for university in db.session.execute(known).scalars()}


def _keyed(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "name_key": read_title(said["name"])[0]} if "name" in said else said


def _correct(run: ImportRun, university: University, changed: dict[str, Any]) -> None:
    if run.writing is None:
        return
    run.writing.log.note(
        "universities",
        university.id,
        ChangeKind.UPDATED,
        before={name: getattr(university, name) for name in changed},
        after=changed,
    )
    for name, value in changed.items():
        setattr(university, name, value)
