"""What the stories of the desk share."""

import pytest

from placement import clock
from placement.jobs import laid_out
from placement.jobs.operations import run_recommendations
from tests.factories import CLASS_YEAR
from tests.openings import make_posting, make_wish


@pytest.fixture(autouse=True)
def _nothing_laid_out():
    """Begin each story with nothing kept from the one before."""
    laid_out.forget()
    yield
    laid_out.forget()


@pytest.fixture
def posting(cast):
    """A posting on Lin Mei's list."""
    make_wish(cast.lin_mei)
    posting = make_posting(title="档案管理员")
    run_recommendations(CLASS_YEAR, as_of=clock.today())
    return posting
