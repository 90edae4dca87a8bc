"""The pages of outcomes."""

from placement.outcomes.views import deciding, listing, papers, reporting, wages
from placement.outcomes.views.blueprint import bp

__all__ = ["bp", "deciding", "listing", "papers", "reporting", "wages"]
