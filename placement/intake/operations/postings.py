"""Takes in job postings: employers are found by code or name, postings by their number.

A posting without a number of its own is known again by employer, title, place, occupation and
level, from which its number is made.
"""

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Text, or_, select, text

from placement.db import db
from placement.intake.checks import messages
from placement.intake.checks.problems import DUPLICATE_IN_FILE
from placement.intake.models import ChangeKind, Import, ImportState
from placement.intake.operations.arrays import is_any
from placement.intake.operations.run import ImportRun, Writing
from placement.intake.operations.staging import stage_rows
from placement.intake.operations.tally import Refusal, tell_before
from placement.jobs.models import Employer, Posting, PostingState

TABLES = ("employers", "postings")
"""Tables in which a file of postings may add rows."""

COLUMNS = {
    "title": "text",
    "occupation_code": "text",
    "city": "text",
    "industry": "text",
    "salary_min": "bigint",
    "salary_max": "bigint",
    "openings": "bigint",
    "level": "text",
    "majors": "text[]",
    "deadline": "date",
    "description": "text",
    "reserved_for": "text[]",
    "accommodations": "text[]",
}
"""What a file may say of a posting, with the types that the database keeps it in."""
FOREIGN = "foreign_posting"
FOREIGN_MESSAGE = "This posting was brought by another university or by the province."
_LISTS = {"majors", "reserved_for", "accommodations"}
_EVERY = 2_000
_New = tuple[int, str, dict[str, Any]]
_MADE_OF = ("title", "city", "occupation_code", "level")


def take_postings(run: ImportRun) -> None:
    """Add the postings of the accepted rows, or correct what they say of one that is there.

    A posting that an undone import left behind is opened again. A university's import touches
    its own postings only.
    """
    employers = _Employers(run)
    # All employers first: those who are new get their numbers in one statement.
    named = [employers.of(index) for index in range(len(run.checked))]
    db.session.flush()
    met: dict[tuple[int, str], int] = {}
    new: list[_New] = []
    for index, employer in enumerate(named):
        number = _number_of(run, index)
        first = met.setdefault((id(employer), number), index)
        if first == index:
            known = employers.posting(employer, number)
            if known is None:
                run.tally.count(index, created=True, updated=False)
                new.append((employer.id, number, _said(run, index)))
            else:
                _take_known(run, index, known)
        else:
            _again(run, index, first)
        if index % _EVERY == 0:
            run.report(index, len(run.checked))
    if run.writing is not None:
        _add(new, run.writing, run.options.university_id)
    run.report(len(run.checked), len(run.checked))


class _Employers:
    """The employers whom the file names, by code and by name."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        columns = run.checked.columns
        self._names, self._codes = columns["employer"], columns["employer_code"]
        codes = sorted({code for code in self._codes if code})
        known = db.session.execute(
            select(Employer)
            .where(
                or_(
                    is_any(Employer.name, sorted(set(self._names)), Text),
                    is_any(Employer.code, codes, Text),
                )
            )
            .order_by(Employer.id)
        ).scalars()
        self._by_code: dict[str, Employer] = {}
        self._by_name: dict[str, Employer] = {}
        for employer in known:
            self._keep(employer)
        self._postings = _known_postings(
            [employer.id for employer in {*self._by_name.values(), *self._by_code.values()}]
        )

    def _keep(self, employer: Employer) -> None:
        self._by_name.setdefault(employer.name, employer)
        if employer.code is not None:
            self._by_code[employer.code] = employer

    def of(self, index: int) -> Employer:
        """The employer of a row; one who is not known is added."""
        name, code = self._names[index], self._codes[index]
        found = self._by_code.get(code) if code else self._by_name.get(name)
        if found is None and code:
            # The same name with another code is somebody else; without one it is them.
            namesake = self._by_name.get(name)
            found = namesake if namesake is not None and namesake.code is None else None
        if found is None:
            found = Employer(name=name, code=code)
            self._keep(found)
            if self._run.writing is not None:
                found.import_id = self._run.writing.import_.id
                db.session.add(found)
        elif code and found.code is None:
            self._complete(found, code)
        return found

    def _complete(self, employer: Employer, code: str) -> None:
        writing = self._run.writing
        self._by_code[code] = employer
        if writing is not None:
            writing.log.note(
                "employers",
                employer.id,
                ChangeKind.UPDATED,
                before={"code": None},
                after={"code": code},
            )
            employer.code = code

    def posting(self, employer: Employer, number: str) -> Posting | None:
        """The posting of an employer by its number."""
        return self._postings.get((employer.id, number))


def _known_postings(employers: list[int]) -> dict[tuple[int, str], Posting]:
    found = db.session.execute(select(Posting).where(is_any(Posting.employer_id, employers)))
    return {(posting.employer_id, posting.number): posting for posting in found.scalars()}


def _number_of(run: ImportRun, index: int) -> str:
    columns = run.checked.columns
    own = columns["posting"][index]
    if own:
        return str(own)
    said = "\n".join(str(columns[name][index] or "") for name in _MADE_OF)
    return "m" + hashlib.sha256(said.encode()).hexdigest()[:15]


def _again(run: ImportRun, index: int, first: int) -> None:
    """Another row of the same posting: refused, or nothing new if it says the same."""
    if _said(run, index) == _said(run, first):
        run.tally.count(index, created=False, updated=False)
        return
    number = run.checked.rows[first]
    refusal = Refusal("posting", DUPLICATE_IN_FILE, messages.DUPLICATE, {"first": number})
    run.tally.refuse(index, refusal)


def _said(run: ImportRun, index: int) -> dict[str, Any]:
    """What a row says, by the columns of `postings`; what the file has no column for is left."""
    columns, given = run.checked.columns, run.checked.given
    values: dict[str, Any] = {}
    for name in COLUMNS:
        if name in given:
            value = columns[name][index]
            values[name] = list(value or ()) if name in _LISTS else value
    if values.get("description", "") is None:
        values["description"] = ""
    return values


def _take_known(run: ImportRun, index: int, posting: Posting) -> None:
    university_id = run.options.university_id
    said = _said(run, index)
    if university_id is not None and posting.university_id != university_id:
        run.tally.refuse(index, Refusal("posting", FOREIGN, FOREIGN_MESSAGE))
        return
    changed = {name: value for name, value in said.items() if getattr(posting, name) != value}
    revived = _is_left_behind(posting)
    if revived:
        changed["state"] = PostingState.OPEN
    run.tally.count(
        index,
        created=revived,
        updated=bool(changed),
        say=partial(tell_before, posting, changed),
    )
    if changed and run.writing is not None:
        _correct(posting, changed, run.writing, revived=revived)


def _add(new: Sequence[_New], writing: Writing, university_id: int | None) -> None:
    """Add postings; all of them say something of the same columns, those of the file."""
    if not new:
        return
    said = list(new[0][2])
    stage_rows(
        "staged_postings",
        {"employer_id": "bigint", "number": "text"} | {name: COLUMNS[name] for name in said},
        ((employer_id, number, *values.values()) for employer_id, number, values in new),
    )
    names = ", ".join(["employer_id", "number", *said])
    db.session.execute(
        text(
            f"""
            INSERT INTO postings ({names}, state, university_id, import_id)
            SELECT {names}, 'open', CAST(:university_id AS bigint), :import_id
            FROM staged_postings
            """  # noqa: S608 - names of our columns
        ),
        {"university_id": university_id, "import_id": writing.import_.id},
    )


def _is_left_behind(posting: Posting) -> bool:
    """Whether an import that was undone brought the posting and left it closed."""
    if posting.state is not PostingState.CLOSED or posting.import_id is None:
        return False
    return db.session.get_one(Import, posting.import_id).state is ImportState.UNDONE


def _correct(posting: Posting, changed: dict[str, Any], writing: Writing, *, revived: bool) -> None:
    before = {name: getattr(posting, name) for name in ("version", *changed)}
    after = {**changed, "version": posting.version + 1}
    writing.log.note(
        "postings",
        posting.id,
        ChangeKind.REVIVED if revived else ChangeKind.UPDATED,
        before=before,
        after=after,
    )
    for name, value in after.items():
        setattr(posting, name, value)
