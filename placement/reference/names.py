"""Names folded for comparison: 林志強 and 林 志强 are the same, and so are all middle dots."""

from functools import cache

from placement.reference.folding import fold_label
from placement.reference.tables import read_rows


@cache
def _standard_characters() -> dict[int, str]:
    return {ord(row["variant"]): row["standard"] for row in read_rows("character_variants")}


def fold_name(name: str) -> str:
    """Return only the letters of a name, in standard characters, small and without full width."""
    return fold_label(name).translate(_standard_characters())
