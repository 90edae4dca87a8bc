"""The pages of fairs."""

from placement.fairs.views import announcing, attending, holding, listing
from placement.fairs.views.blueprint import bp

__all__ = ["announcing", "attending", "bp", "holding", "listing"]
