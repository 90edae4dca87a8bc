"""The compiler stays out of the page, and needs no folder that it may write to."""

import subprocess
import sys

import numba
import pytest

from placement.jobs.ranking import kernel


def twice(number):
    return 2 * number


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


def test_list_of_one_student_does_not_load_the_compiler():
    code = (
        "import sys;"
        "from placement.jobs.ranking import single, arrival, explain, national;"
        "print('numba' in sys.modules)"
    )

    assert run(code, PYTHONPATH=".").stdout == "False\n"


def test_without_a_writable_folder_functions_compile_in_memory(monkeypatch):
    def refuse(self, impl):
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(numba.core.caching.CacheImpl, "__init__", refuse)

    function = kernel.compiled(twice)

    assert function(4) == 8


def test_with_a_folder_functions_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))

    function = kernel.compiled(twice)

    assert function(4) == 8
    assert list(tmp_path.rglob("*.nbi"))


@pytest.mark.parametrize("folder", ["/proc/none", "/dev/null/none"])
def test_unwritable_cache_folder_does_not_stop_the_engine(folder):
    code = "from placement.jobs.ranking import kernel; print(kernel.choose_for_all.__name__)"

    answer = run(code, PYTHONPATH=".", NUMBA_CACHE_DIR=folder, HOME=folder)

    assert answer.stdout == "choose_varied\n", answer.stderr
