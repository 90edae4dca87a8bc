"""The pages of snapshots: those who keep them, and what everybody may read."""

from placement.reports.snapshots.views import keeping, reading, signing
from placement.reports.snapshots.views.blueprint import bp

__all__ = ["bp", "keeping", "reading", "signing"]
