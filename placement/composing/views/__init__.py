"""The pages of drafts."""

from placement.composing.views import checking, composing, listing, unreached
from placement.composing.views.blueprint import bp

__all__ = ["bp", "checking", "composing", "listing", "unreached"]
