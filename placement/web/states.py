"""States of rows: a sign and a word in a tone, written once for each of their values."""

import datetime as dt
import functools
from typing import Any

from flask_babel import get_locale
from markupsafe import Markup, escape

from placement.web.assets import drawn_sign, signs_url
from placement.web.filters import day, day_of_request, due_tone, due_words

TONE_SIGNS = {"good": "check", "due": "clock", "late": "late", "act": "info", "": "waiting"}
_STATE = Markup('<span class="state {}">{}{}</span>')


def page_of_signs() -> tuple[Any, ...]:
    """All that a written state or term depends on beside its value: language, day and signs.

    A key for what is written once for each of its values.
    """
    return str(get_locale()), day_of_request(), signs_url()


def drawn_state(word: Any, tone: str = "", sign: str = "") -> Markup:
    """A state as sign and word; `tone` is 'due' amber, 'late' red, 'good' green, 'act' or ''."""
    return _drawn(signs_url(), escape(word), str(tone), str(sign))


def drawn_due(on: dt.date) -> Markup:
    """A term as a state: 逾期 3 天 in red, 明天 in amber; the day itself when it is far."""
    tone = due_tone(on)
    return drawn_state(due_words(on) or day(on), tone, "late" if tone == "late" else "clock")


@functools.lru_cache(maxsize=4096)
def _drawn(_sheet: str, word: Markup, tone: str, sign: str) -> Markup:
    return _STATE.format(tone, drawn_sign(sign or TONE_SIGNS.get(tone, "waiting")), word)


STATES = {"drawn_state": drawn_state, "drawn_due": drawn_due, "TONE_SIGNS": TONE_SIGNS}
