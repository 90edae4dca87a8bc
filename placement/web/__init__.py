"""What every page shares."""

from placement.web.forms import OnceForm, PlacementForm
from placement.web.news import refusal, refusal_parts, say_done
from placement.web.pages import (
    PAGE_SIZE,
    Page,
    get_or_404,
    paginate,
    safe_next,
    wanted_fragment,
)

__all__ = [
    "PAGE_SIZE",
    "OnceForm",
    "Page",
    "PlacementForm",
    "get_or_404",
    "paginate",
    "refusal",
    "refusal_parts",
    "safe_next",
    "say_done",
    "wanted_fragment",
]
