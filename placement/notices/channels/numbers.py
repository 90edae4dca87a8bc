"""Phone numbers and templates as gateways take them."""

import re
from collections.abc import Mapping

from placement.notices.channels.link import Letter

_FILLING = re.compile(r"[\s\-()]")
_NUMBER = re.compile(r"\+?[0-9]{5,15}")


def wire_number(text: str) -> str | None:
    """Return a phone number without blanks and dashes; None for what is none."""
    number = _FILLING.sub("", text)
    return number if number.isascii() and _NUMBER.fullmatch(number) else None


def template_of(letter: Letter, templates: Mapping[str, str]) -> str | None:
    """The gateway's template for a letter: that of its language, else that of its kind."""
    return templates.get(f"{letter.kind.value}.{letter.locale}") or templates.get(letter.kind.value)
