"""The API of figures, and the page on which its tokens are made."""

from placement.reports.api.views import asking, figures, managing
from placement.reports.api.views.blueprint import PREFIX, bp, problem, tokens

__all__ = ["PREFIX", "asking", "bp", "figures", "managing", "problem", "tokens"]
