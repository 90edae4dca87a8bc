"""What the stories about jobs share: employers, postings, wishes."""

from pathlib import Path

import pytest

from placement.jobs import laid_out


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Send these to one process, so that a fresh checkout compiles the walk over all pairs once."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("compiled"))


@pytest.fixture(autouse=True)
def _nothing_laid_out():
    """Begin each story with nothing kept from the one before."""
    laid_out.forget()
    yield
    laid_out.forget()
