"""The pages of imports and of what partner lists found."""

from placement.intake.views import deciding, listing, sending, showing, steering
from placement.intake.views.blueprint import bp

__all__ = ["bp", "deciding", "listing", "sending", "showing", "steering"]
