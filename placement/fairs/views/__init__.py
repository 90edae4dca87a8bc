"""The pages of fairs."""

from placement.fairs.views import announcing, holding, listing
from placement.fairs.views.blueprint import bp

__all__ = ["announcing", "bp", "holding", "listing"]
