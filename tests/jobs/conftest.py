"""What the stories about jobs share: employers, postings, wishes."""

import pytest

from placement.jobs import laid_out


@pytest.fixture(autouse=True)
def _nothing_laid_out():
    """Begin each story with nothing kept from the one before."""
    laid_out.forget()
    yield
    laid_out.forget()
