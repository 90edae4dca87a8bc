"""How much of a person a list shows."""

from placement.reports.queries.people import Shown
from placement.web.masks import mask_id, mask_name


def _whole(text: str) -> str:
    return text


MASKED = Shown(mask_name, mask_id)
"""For the province, and for commands: who it is stays hidden."""

NAMED = Shown(_whole, mask_id)
"""For those who look after the people: names in clear."""

CLEAR = Shown(_whole, _whole)
"""Only on a reason given, which is logged."""
