"""Runs the tests of the pure rooms that check what comes in, and demands that they run all of it.

Called by `.ci/run`. The bound is every line; what is let off stands here and may only become less.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

TESTS = ("tests/reference", "tests/intake/test_matching.py")
TEST_PATTERN = "tests/intake/test_checks*.py"
ROOMS = (
    "placement/intake/checks/*",
    "placement/intake/matching.py",
    "placement/intake/similarity.py",
    "placement/reference/*",
)
TRIED_FROM_ABOVE = {
    # Read by rooms whose tests need the database, and so not part of this run.
    f"placement/reference/{name}.py"
    for name in (
        "change_causes",
        "counting_days",
        "occupations",
        "passwords",
        "report_words",
        "rules",
    )
}
GAPS = {"placement/intake/matching.py": 1}
"""Lines that only tests with the database run, by file."""


def main() -> int:
    """Say which lines no test runs; 1 if there are any, or if a test fails."""
    with tempfile.TemporaryDirectory() as folder:
        report = measured(Path(folder))
    rooms = {name: file for name, file in report["files"].items() if is_held(name)}
    failures = list(open_lines(rooms))
    for failure in failures:
        sys.stdout.write(f"NOT RUN BY ANY TEST: {failure}\n")
    sys.stdout.write(f"{len(rooms)} files, {len(failures)} below their bound\n")
    return 1 if failures or not rooms else 0


def measured(folder: Path) -> dict[str, Any]:
    """Run the tests and return the report of coverage. Raises CalledProcessError if one fails."""
    environment = os.environ | {"COVERAGE_FILE": str(folder / "data")}
    python = [sys.executable, "-m"]
    tests = [*TESTS, *sorted(str(path) for path in Path().glob(TEST_PATTERN))]
    run = [*python, "pytest", "-q", "--cov", "--cov-report=", *tests]
    subprocess.run(run, check=True, env=environment)
    file = folder / "coverage.json"
    subprocess.run(
        [*python, "coverage", "json", "--quiet", "-o", str(file)], check=True, env=environment
    )
    report: dict[str, Any] = json.loads(file.read_text())
    return report


def is_held(name: str) -> bool:
    """Tell whether a file belongs to the rooms of this run."""
    return name not in TRIED_FROM_ABOVE and any(fnmatch(name, pattern) for pattern in ROOMS)


def open_lines(files: dict[str, Any]) -> Iterator[str]:
    """Name the lines that no test runs, file by file, beyond what a file is let off."""
    for name, file in sorted(files.items()):
        missing = file["missing_lines"]
        if len(missing) > GAPS.get(name, 0):
            yield f"{name}, lines {', '.join(map(str, missing))}"


if __name__ == "__main__":
    sys.exit(main())
