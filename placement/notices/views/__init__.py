"""The pages of notices."""

from placement.notices.views import (
    deliveries,
    inbox,
    metrics,
    preferring,
    receipts,
    running,
    unsubscribing,
)
from placement.notices.views.blueprint import bp

__all__ = [
    "bp",
    "deliveries",
    "inbox",
    "metrics",
    "preferring",
    "receipts",
    "running",
    "unsubscribing",
]
