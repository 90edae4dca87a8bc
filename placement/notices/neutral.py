"""Words that would tell others why somebody was invited; they never stand in a message."""

import re

_REVEALING = re.compile(
    "困难|残疾|残障|伤残|贫困|脱贫|低保|特困|零就业|建档立卡|少数民族|农村生源|孤儿"
    "|hardship|disab|handicap|poverty|low[- ]income|minorit|rural origin|zero[- ]employment",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_BLANK = re.compile(r"\n\s*\n")


def is_neutral(text: str) -> bool:
    """Whether a text names none of the reasons for which graduates are in the register."""
    return _REVEALING.search(text) is None


def neutral(text: str | None) -> str:
    """Return a text on one line if others may read it, and nothing if it names a reason.

    The title of a fair is typed by staff, and a mail's subject or an SMS shows on a locked
    screen: rather no title than one that tells.
    """
    folded = _SPACE.sub(" ", text or "").strip()
    return folded if is_neutral(folded) else ""


def paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph of what staff wrote; none of a text that names a reason."""
    if not is_neutral(text):
        return []
    parts = (part.strip().splitlines() for part in _BLANK.split(text))
    return [[line.strip() for line in lines] for lines in parts if lines]
