"""The pages of figures, and the same as files."""

from placement.reports.views import briefs, compare, explaining, people, pictures, rates
from placement.reports.views.blueprint import bp

__all__ = ["bp", "briefs", "compare", "explaining", "people", "pictures", "rates"]
