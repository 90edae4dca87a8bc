"""Time the rooms that need no database: reading a file, checking its rows, matching a list.

Usage: python benchmarks/reading.py [--students N] [--listed N] [--repeats N]

Prints medians, python-calamine alone beside our reader in the same run, and the peak memory of
the process. The figures to reach on 2 cores for a workbook of 34,267 rows and 30 columns: 1.5 s
beyond calamine's own time, its checks in 1.5 s, 400 MB.
"""

import argparse
import csv
import io
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from placement.intake.checks import Options, check_table
from placement.intake.checks.identity import check_digit
from placement.intake.matching import Candidate, Listed, match_list
from placement.intake.spreadsheets import read_table

HEADINGS = [
    "学号",
    "考生号",
    "姓名",
    "身份证号",
    "性别代码",
    "民族代码",
    "院校代码",
    "院校名称",
    "所在院系",
    "所在班级",
    "专业代码",
    "专业名称",
    "学历代码",
    "生源地",
    "城乡生源",
    "困难生类别",
    "学籍状态",
    "手机",
    "邮箱",
    "辅导员",
    *(f"备注{n}" for n in range(10)),
]
FAMILY = "陈林黄张李王吴刘蔡杨"
GIVEN = "晓志丽建雪文美海婷宇燕远思国雅俊佳伟春艳"


def person(serial: int) -> list[str]:
    """Make one row of a student, the same for the same number."""
    male = serial % 2
    birth = f"{1992 + serial % 4}{1 + serial // 4 % 12:02}{1 + serial // 48 % 28:02}"
    number = f"350000{birth}{serial // 1344 % 100:02}{serial // 134_400 % 5 * 2 + male}"
    given = GIVEN[serial % 20] + GIVEN[serial // 20 % 20]
    row = [
        f"2012{serial:06}",
        f"163500{serial:08}",
        FAMILY[serial % 10] + given,
        number + check_digit(number),
        "1" if male else "2",
        "22" if serial % 9 == 0 else "01",
        f"{90001 + serial % 89}",
        f"示例大学{serial % 89}",
        f"学院{serial % 20}",
        f"2012级{serial % 30}班",
        "050101",
        "汉语言文学",
        "31",
        "350922",
        "农村" if serial % 3 else "城镇",
        str(serial % 8),
        "",
        f"138{serial:08}",
        f"s{serial}@school.example",
        f"counselor{serial % 300}",
    ]
    return row + [str(serial * n) if n < 5 else f"备注{serial % 1000}" for n in range(10)]


def workbook(rows: Iterator[list[str]]) -> bytes:
    """Write the rows as a workbook whose last columns are half numbers."""
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                write = sheet.write_number if 20 <= column < 25 else sheet.write_string
                write(place, column, float(cell) if 20 <= column < 25 else cell)
    return stored.getvalue()


def timed(repeats: int, work: Callable[[], Any]) -> tuple[str, Any]:
    """Give the median of wall and of processor time, and the last answer."""
    wall, processor = [], []
    answer = None
    for _ in range(repeats):
        started, busy = time.perf_counter(), time.process_time()
        answer = work()
        wall.append(time.perf_counter() - started)
        processor.append(time.process_time() - busy)
    return f"{statistics.median(wall):6.2f} s  ({statistics.median(processor):.2f} busy)", answer


def calamine_alone(data: bytes) -> list[list[Any]]:
    """Read the first sheet with the library and nothing else."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def main() -> None:
    """Build the files, time every step and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=34_267)
    parser.add_argument("--listed", type=int, default=55_000)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()

    data = workbook(person(serial) for serial in range(given.students))
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADINGS, *(person(n) for n in range(given.students))])
    options = Options(class_year=2016)
    print(f"{given.students:,} rows, {len(HEADINGS)} columns, {len(data) / 1e6:.1f} MB")

    for label, work in {
        "calamine alone": lambda: len(calamine_alone(data)),
        "read_table, workbook": lambda: len(read_table(data, "a.xlsx", "students")),
        "read_table, CSV": lambda: len(
            read_table(text.getvalue().encode("gb18030"), "a.csv", "students")
        ),
    }.items():
        print(f"{label:24}{timed(given.repeats, work)[0]}")
    table = read_table(data, "a.xlsx", "students")
    seconds, checked = timed(given.repeats, lambda: check_table(table, options))
    print(f"{'checks, students':24}{seconds}  {len(checked):,} accepted")
    print(
        f"peak memory             {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )

    columns = checked.columns
    candidates = [
        Candidate(key=key, name=name, id_key=number)
        for key, (name, number) in enumerate(
            zip(columns["name"], columns["id_number"], strict=True)
        )
    ]
    listed = [
        Listed(row=n + 2, name=row[2], id_key=row[3])
        for n, row in enumerate(
            map(person, range(given.students // 2, given.students // 2 + given.listed))
        )
    ]
    seconds, matches = timed(given.repeats, lambda: match_list(listed, candidates))
    found = sum(match.state == "matched" for match in matches)
    print(f"{'match_list':24}{seconds}  {len(listed):,} rows, {found:,} matched")


if __name__ == "__main__":
    main()
