"""One way to fold what people type, so that the same thing written differently is found."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65_536)
def fold_text(text: str) -> str:
    """Return `text` with full-width forms, case and every kind of white space folded away."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Once more, since a sign set free by a removed space may join the letter before it.
    return unicodedata.normalize("NFKC", "".join(folded.split()))


@lru_cache(maxsize=65_536)
def fold_label(text: str) -> str:
    """Return only the letters and digits of `text`, folded: brackets and dashes do not matter."""
    return "".join(char for char in fold_text(text) if char.isalnum())


def fold_code(text: str) -> str:
    """Return a code as tables write it: folded, and '31.0' of a spreadsheet read as '31'."""
    folded = fold_text(text)
    whole, dot, fraction = folded.partition(".")
    if dot and whole.isdecimal() and fraction and not fraction.strip("0"):
        return whole
    return folded
