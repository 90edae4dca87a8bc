"""The pages of fairs."""

from placement.fairs.views import (
    attending,
    door,
    holding,
    listing,
    reminding,
    results,
    stands,
    ticketing,
)
from placement.fairs.views.blueprint import bp

__all__ = [
    "attending",
    "bp",
    "door",
    "holding",
    "listing",
    "reminding",
    "results",
    "stands",
    "ticketing",
]
