"""The province at full size and a small one, each planned once for the run."""

import datetime as dt

import pytest

from placement.demo.province.check import Figures, check_files
from placement.demo.province.files import write_files
from placement.demo.province.plan import Plan, plan_province
from placement.demo.province.steps import Manifest

TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="session")
def whole_plan() -> Plan:
    """The province at full size."""
    return plan_province(today=TODAY)


@pytest.fixture(scope="session")
def whole_files(whole_plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The files of the whole province."""
    return write_files(whole_plan, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="session")
def whole_figures(whole_files: Manifest) -> Figures:
    """What the files of the whole province say, by the slow reader that knows nothing else."""
    return check_files(whole_files, today=TODAY)


@pytest.fixture(scope="session")
def small_plan() -> Plan:
    """A province with 600 students in the register of 2016."""
    return plan_province(students=600, today=TODAY)


@pytest.fixture(scope="session")
def small_files(small_plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The files of the small province."""
    return write_files(small_plan, tmp_path_factory.mktemp("small"))
