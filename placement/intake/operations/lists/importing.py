"""Takes in a partner list: matches it with the students and settles what is certain."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from placement.intake.matching import (
    DUPLICATE,
    MATCHED,
    NOT_OURS,
    POSSIBLE,
    Match,
    match_list,
    missing_from,
    missing_match,
)
from placement.intake.models import ListKind
from placement.intake.operations.lists.candidates import candidates, listed_people
from placement.intake.operations.lists.members import (
    Evidence,
    add_members,
    end_members,
    is_said_anew,
    listed_members,
    renew_members,
)
from placement.intake.operations.lists.waiting import (
    MatchRow,
    add_matches,
    names_of,
    settle_waiting,
    waiting_students,
)
from placement.intake.operations.persons import person_keys
from placement.intake.operations.register import give_cases
from placement.intake.operations.run import ImportRun, Writing
from placement.reference.names import fold_name
from placement.students.models import Membership

TABLES = ("memberships", "cases", "list_matches")
"""Tables in which a partner list may add rows."""


def take_list(run: ImportRun) -> None:
    """Match every accepted row; with `confirm` the matched become members at once.

    What only might be one of ours always waits for the university, and so does everything
    without `confirm`. With `complete` whoever rests on an earlier list of the kind and is
    missing has left, and with `confirm` the membership ends on the day of the list.
    """
    listed = listed_people(run)
    found = list(candidates(run, listed))
    matches = match_list(listed, found)
    taking = _Taking(run)
    for index, match in enumerate(matches):
        taking.settle(index, match)
        if index % 1_000 == 0:
            run.report(index, len(matches))
    left = taking.leaving(matches) if run.options.complete else []
    _answer(run, matches, len(left), {c.key: (c.student_number, c.university) for c in found})
    if run.writing is not None:
        taking.write(run.writing, left)
    run.report(len(matches), len(matches))


@dataclass(slots=True)
class _Settled:
    """What is to be written: new members, members of whom more is said, rows for the desk."""

    joining: list[tuple[int, Evidence]] = field(default_factory=list)
    renewed: list[tuple[Membership, Evidence]] = field(default_factory=list)
    rows: list[MatchRow] = field(default_factory=list)


class _Taking:
    """One list under way."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.day: dt.date = run.options.as_of or run.today
        self.kind: ListKind = run.options.list_kind or ListKind.POVERTY
        self.members = listed_members(run, day=self.day)
        self.keys = person_keys(list(self.members))
        self.waiting = waiting_students(run)
        self.settled = _Settled()

    def settle(self, index: int, match: Match) -> None:
        """Decide about one row and count it."""
        created = updated = False
        decided = False
        if match.key is not None and match.state == MATCHED and self.run.options.confirm:
            created, updated = self._confirm(index, match.key)
            decided = True
        elif match.key is not None and match.state in {MATCHED, POSSIBLE}:
            decided = match.state == MATCHED and match.key in self.members
            created = match.key not in self.members and match.key not in self.waiting
        self.run.tally.count(
            index,
            created=created,
            updated=updated,
            found=match.state,
            say=partial(_tell_match, match),
        )
        self.settled.rows.append(MatchRow(match, self._person(index, match), is_confirmed=decided))

    def _confirm(self, index: int, student_id: int) -> tuple[bool, bool]:
        evidence = self._evidence(index)
        member = self.members.get(student_id)
        if member is None:
            self.settled.joining.append((student_id, evidence))
            return True, False
        if is_said_anew(member, evidence, day=self.day, key=self.keys[student_id]):
            self.settled.renewed.append((member, evidence))
            return False, True
        return False, False

    def _evidence(self, index: int) -> Evidence:
        columns = self.run.checked.columns
        return Evidence(
            columns["card_number"][index], columns["level"][index], columns["valid_to"][index]
        )

    def _person(self, index: int, match: Match) -> dict[str, object] | None:
        """What is kept of the row for the desk; nothing of people who are not ours."""
        if match.state == NOT_OURS:
            return None
        if match.state == DUPLICATE:
            return {"values": dict(match.values)}
        columns = self.run.checked.columns
        names = ("name", "id_number", "card_number", "level", "valid_to")
        kept = {name: columns[name][index] for name in names}
        return {**kept, "alternatives": list(match.alternatives), "values": dict(match.values)}

    def leaving(self, matches: list[Match]) -> list[Membership]:
        """Members whom the complete list no longer holds; nobody for a mistyped row."""
        missing = missing_from(matches, self.members)
        misread = {
            fold_name(text)
            for column in self.run.tally.table.columns
            if column.name == "name"
            for place in self.run.tally.rejected
            if (text := column.texts[place])
        }
        names = names_of(missing)
        return [self.members[key] for key in missing if fold_name(names[key]) not in misread]

    def write(self, writing: Writing, left: list[Membership]) -> None:
        """Write what was settled, within the transaction under way."""
        settled, confirm = self.settled, self.run.options.confirm
        joining = [student_id for student_id, _ in settled.joining]
        give_cases(
            joining,
            opened_on=self.run.today,
            import_id=writing.import_.id,
            log=writing.log,
        )
        add_members(
            settled.joining,
            kind=self.kind,
            day=self.day,
            actor_id=writing.actor_id,
            recorded=writing.recorded,
        )
        renew_members(settled.renewed, day=self.day, log=writing.log, recorded=writing.recorded)
        if confirm:
            end_members(left, day=self.day, log=writing.log, recorded=writing.recorded)
            settle_waiting(self.run, joining, writing)
        gone = [MatchRow(missing_match(m.student_id), None, is_confirmed=confirm) for m in left]
        add_matches([*settled.rows, *gone], writing)


def _tell_match(match: Match) -> dict[str, Any]:
    return {
        "match": {
            "student_id": match.key,
            "score": match.score,
            "reason": match.reason,
            "values": dict(match.values),
        }
    }


def _answer(
    run: ImportRun,
    matches: list[Match],
    left: int,
    students: dict[int, tuple[str | None, str | None]],
) -> None:
    states = Counter(match.state for match in matches)
    run.tally.details["list"] = {
        "matched": states[MATCHED],
        "possible": states[POSSIBLE],
        "not_ours": states[NOT_OURS],
        "duplicate": states[DUPLICATE],
        "left": left,
    }
    run.tally.details["matches"] = [
        {
            "row": match.row,
            "state": match.state,
            "student_number": student[0],
            "university": student[1],
            "score": match.score,
            "reason": match.reason,
        }
        for match in matches
        for student in [students.get(match.key or 0, (None, None))]
    ]
