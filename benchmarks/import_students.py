"""Time the import of a students' file: read, checked, compared, encrypted, written, audited.

Usage: python benchmarks/import_students.py [--students N] [--repeats N]

The file is the one that the demo makes for the class of 2016, students with their categories and
counselors as in the province's report. Each run is the command itself in a process of its own,
on a fresh embedded database that waits for the disk, universities and counselors known. Printed
are the medians of its own seconds, of its processor time (with its start) and of its peak memory,
for a dry run, the first import, the same file again and its undo. Beside them stands a bare
script that reads with python-calamine and copies all cells as text, and checks nothing. The
figure to reach on 2 cores for 34,267 rows and 30 columns: 6 s and 400 MB.
"""

import argparse
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import psycopg
import xlsxwriter
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from placement.config import load_settings
from placement.demo.province.files import write_files
from placement.demo.province.plan import plan_province
from placement.services import Instance, attach, detach, superuser_url

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = 30
TODAY = dt.date(2026, 11, 24)


@dataclass(frozen=True)
class Run:
    """One command: its own seconds, its processor seconds, its peak memory in MB."""

    seconds: float
    busy: float
    megabytes: float


def command(folder: Path, *arguments: str) -> Run:
    """Run `placement …` on the instance in `folder`; `seconds` are what its answer says."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "placement.cli", *arguments, "--format", "json"],
        cwd=ROOT,
        env=os.environ | {"PLACEMENT_INSTANCE": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    answer = json.loads(process.stdout.read()) if process.stdout else {}
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments}: {answer}")
    return Run(answer.get("seconds", wall), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def bare_copy(folder: Path, file: Path) -> Run:
    """Read with the library and copy all cells as text into a table without a rule."""
    url = superuser_url(Instance.at(folder)).replace("+psycopg", "")
    started, busy = time.perf_counter(), time.process_time()
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    columns = ", ".join(f"c{place} text" for place in range(len(rows[0])))
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bare ({columns})")
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for row in rows[1:]:
                copy.write_row([str(cell) for cell in row])
    return Run(time.perf_counter() - started, time.process_time() - busy, 0)


def widen(file: Path) -> None:
    """Give the workbook as many columns as the national exchange format has, 30."""
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    more = [f"备注{number}" for number in range(COLUMNS - len(rows[0]))]
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*rows[0], *more])
        for place, row in enumerate(rows[1:], start=1):
            sheet.write_row(place, 0, [*row, *(f"内容{place % 1_000}" for _ in more)])


def measure(instance: Path, folder: Path, runs: defaultdict[str, list[Run]]) -> None:
    """Take the file in, again, and back, on an instance of its own."""
    file = folder / "students-2016.xlsx"
    taking = ("import", "students", str(file), "--class-year", "2016")
    command(instance, "db", "upgrade")
    command(instance, "import", "universities", str(folder / "universities.csv"))
    add_counselors(instance, file)
    runs["dry run"].append(command(instance, *taking, "--dry-run"))
    runs["first import"].append(command(instance, *taking))
    runs["the same again"].append(command(instance, *taking))
    runs["undo, with its start"].append(command(instance, "import", "undo", "2"))
    runs["bare script, checks nothing"].append(bare_copy(instance, file))


def add_counselors(instance: Path, file: Path) -> None:
    """Make the counselors whom the file names."""
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    school, counselor = rows[0].index("院校代码"), rows[0].index("辅导员")
    named = sorted({(row[school], row[counselor]) for row in rows[1:]})
    url = superuser_url(Instance.at(instance)).replace("+psycopg", "")
    with psycopg.connect(f"{url.rpartition('/')[0]}/placement") as connection:
        connection.cursor().executemany(
            "INSERT INTO users (username, display_name, role, university_id)"
            " SELECT %(name)s, %(name)s, 'counselor', id FROM universities WHERE code = %(code)s",
            [{"code": code, "name": name} for code, name in named],
        )


def main() -> None:
    """Write the workbook, run everything so many times, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=34_267)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    runs: defaultdict[str, list[Run]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="placement-benchmark-") as scratch:
        folder = Path(scratch) / "files"
        write_files(plan_province(students=given.students, today=TODAY), folder, background=False)
        file = folder / "students-2016.xlsx"
        widen(file)
        print(f"{given.students:,} rows, {file.stat().st_size / 1e6:.1f} MB")
        for number in range(given.repeats):
            instance = Path(scratch) / f"instance-{number}"
            attach(load_settings({}, instance=instance))
            measure(instance, folder, runs)
            detach(instance, at_once=True)
    for label, measured in runs.items():
        seconds, busy, megabytes = (
            statistics.median(getattr(run, name) for run in measured)
            for name in ("seconds", "busy", "megabytes")
        )
        memory = f", {megabytes:.0f} MB" if megabytes else ""
        print(f"{label:28} {seconds:6.2f} s  ({busy:.2f} s of processor time{memory})")


if __name__ == "__main__":
    main()
