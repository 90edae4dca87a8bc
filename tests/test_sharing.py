"""How a parallel run shares the tests out."""

from pathlib import Path

import pytest

from tests.sharing import LONGEST_FIRST, TOGETHER, unit_of

ROOT = Path(__file__).parent.parent
FILES = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")]


@pytest.mark.parametrize("start", [*TOGETHER, *LONGEST_FIRST])
def test_what_is_named_is_there(start):
    assert any(path.startswith(start) for path in FILES)


def test_files_stay_whole_and_rooms_that_share_something_too():
    units = {unit_of(f"{path}::test_something[a::b]") for path in FILES}

    assert units >= set(TOGETHER.values())
    assert unit_of("tests/browser/test_ways.py::test_a[x]") == "a browser"
    assert unit_of("tests/desk/test_today.py::test_a[x]") == "tests/desk/test_today.py"
