"""The files read back slowly and plainly: who is in which category, with what standing and outcome.

It knows nothing of how the files were made, so that it can say whether they hold what they
promise. It is far too slow and too trusting to import anything for real.
"""

import csv
import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineWorkbook

from placement.demo.province.steps import Step
from placement.reference import ethnic_groups, hardship, list_kinds, origins, standings
from placement.reference.names import fold_name

Row = dict[str, str]
_HEADINGS = {"学号", "身份证号", "院校代码", "单位名称"}


def read_file(path: Path) -> list[Row]:
    """Return the rows of a file under the first row that holds known headings."""
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        lines = [[str(cell) for cell in line] for line in sheet.to_python()]
    else:
        lines = list(csv.reader(_decoded(path).splitlines()))
    start = next(place for place, line in enumerate(lines) if _HEADINGS & set(line))
    return [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :]]


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()


@dataclass(slots=True)
class Belonging:
    """A category that somebody is in, on what basis and how long."""

    category: str
    basis: str
    start: dt.date
    end: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Say whether it holds on a day."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Happening:
    """An outcome as a file told it."""

    day: dt.date
    recorded_at: dt.datetime
    code: str
    is_verified: bool


@dataclass(slots=True)
class Person:
    """A student with all that the files say of them."""

    row: Row
    belongings: list[Belonging] = field(default_factory=list)
    standings: list[tuple[dt.date, str]] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)

    def categories_on(self, day: dt.date) -> set[str]:
        """Return the categories that the person is in on a day."""
        return {b.category for b in self.belongings if b.holds_on(day)}

    def standing_on(self, day: dt.date) -> str:
        """Return the standing that holds on a day."""
        held = [(start, standing) for start, standing in self.standings if start <= day]
        return max(held)[1] if held else standings.GRADUATED


@dataclass(slots=True)
class ListResult:
    """How the rows of one partner list matched."""

    matched: int = 0
    possible: int = 0
    not_ours: int = 0
    duplicate: int = 0
    left: int = 0


@dataclass(slots=True)
class Ledger:
    """One class year, filled step by step."""

    class_year: int
    now: dt.datetime
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    by_id_number: dict[str, Person] = field(default_factory=dict)
    lists: dict[str, ListResult] = field(default_factory=dict)
    on_list: dict[str, set[str]] = field(default_factory=dict)
    baseline: list[Row] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Read the file of one step."""
        rows = read_file(step.path)
        if step.kind == "students":
            for row in rows:
                self._take_student(row, step)
        elif step.kind == "list":
            self._take_list(rows, step)
        elif step.kind == "outcomes":
            for row in rows:
                self._take_outcome(row, step)
        elif step.kind == "baseline":
            self.baseline += rows

    def _take_student(self, row: Row, step: Step) -> None:
        key = row["院校代码"], row["学号"]
        person = self.people.setdefault(key, Person(row))
        if self.by_id_number.setdefault(row["身份证号"], person) is not person:
            raise ValueError(f"Two students have the ID number {row['身份证号']}.")
        start = step.effective_on or dt.date(self.class_year, 1, 1)
        moved_on = row["学籍变动日期"]
        standing = standings.find(row["学籍状态"]) or ""
        person.standings.append((dt.date.fromisoformat(moved_on) if moved_on else start, standing))
        if len(person.standings) == 1:
            person.belongings += [Belonging(c, "file", start) for c in _categories_of(row)]

    def _take_list(self, rows: list[Row], step: Step) -> None:
        result = self.lists.setdefault(step.path.name, ListResult())
        kind, as_of = step.list_kind or "", step.as_of or self.now.date()
        matched: set[str] = set()
        for row in rows:
            number = _folded(row["身份证号"])
            person = self.by_id_number.get(number)
            if person is None:
                result.not_ours += 1
            elif number in matched:
                result.duplicate += 1
            elif fold_name(row["姓名"]) != fold_name(person.row["姓名"]):
                result.possible += 1
            else:
                result.matched += 1
                matched.add(number)
        before = self.on_list.get(kind, set())
        result.left = len(before - matched) if step.complete else 0
        if step.confirm:
            self._confirm(kind, as_of, matched - before, before - matched if step.complete else [])
        self.on_list[kind] = matched

    def _confirm(
        self, kind: str, as_of: dt.date, entered: set[str], left: set[str] | list[str]
    ) -> None:
        category = list_kinds.category_of(kind)
        for number in entered:
            self.by_id_number[number].belongings.append(Belonging(category, kind, as_of))
        for number in left:
            for belonging in self.by_id_number[number].belongings:
                if belonging.basis == kind:
                    belonging.end = as_of

    def _take_outcome(self, row: Row, step: Step) -> None:
        person = self.people[row["院校代码"], row["学号"]]
        if person.row["姓名"] != row["姓名"]:
            raise ValueError(f"The outcome of {row['学号']} is somebody else's.")
        day = dt.date.fromisoformat(row["落实日期"])
        recorded_at = step.recorded_at or self.now
        if day > recorded_at.date():
            raise ValueError(f"The outcome of {row['学号']} was known before it happened.")
        person.happenings.append(Happening(day, recorded_at, row["毕业去向"], step.verified))


def _categories_of(row: Row) -> set[str]:
    found = set(hardship.categories_of(row["困难生类别"]))
    if ethnic_groups.is_minority(row["民族代码"]):
        found.add("ethnic_minority")
    if origins.find(row["城乡生源"]) == "rural":
        found.add("rural_origin")
    return found
