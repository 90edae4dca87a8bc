"""How pages write numbers, rates, days, moments and what must stay hidden.

`register_filters(app)` makes all of them known to the templates. Unknown is a dash, never a zero.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from babel.core import Locale
from babel.dates import format_date
from flask import Flask, g, has_app_context, request, url_for
from flask_babel import LazyString, get_locale, gettext, ngettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from placement import clock
from placement.web.assets import drawn_sign
from placement.web.masks import mask_email, mask_id, mask_name, mask_phone

DASH = "–"
NEAR_DAYS = 14


def number(value: int | None) -> str:
    """Write a count of people or things with thousands separators: 34,267; unknown is a dash."""
    return DASH if value is None else f"{value:,}"


def percent(value: Decimal | str | None) -> str:
    """Write a rate given in percent with two decimals: 96.65 %; unknown is a dash.

    Takes the Decimal of a report or its text; a float is refused with TypeError, since a rate
    comes from counts.
    """
    if value is None:
        return DASH
    return f"{_hundredths(value)} %"


def points(value: Decimal | str | None) -> str:
    """Write a difference of two rates in percentage points with its sign: +1.40; unknown a dash."""
    if value is None:
        return DASH
    return f"{_hundredths(value):+}".replace("-", "\N{MINUS SIGN}")


def _hundredths(value: Decimal | str) -> Decimal:
    if isinstance(value, float):
        raise TypeError("a rate is a Decimal from counts, not a float")
    return Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def day(
    value: dt.date | None,
    *,
    near: bool = False,
    due: bool = False,
    today: dt.date | None = None,
) -> str:
    """Write a day: 2026-11-24 (周二); unknown is a dash. A moment is written as its local day.

    `near` adds how far it is (明天, 3 天前), `due` adds it as a term (逾期 3 天); both only within
    two weeks of `today`, which defaults to the day of this request in Asia/Shanghai.
    """
    if value is None:
        return DASH
    value = _local_day(value)
    written = _written_day(value, get_locale())
    words = due_words(value, today=today) if due else near_words(value, today=today) if near else ""
    return f"{written} · {words}" if words else written


# A browser breaks a line at the hyphens of a day, and one without hyphens could not be copied.
_UNBROKEN = Markup('<span class="day">{}</span>{}')


@pass_eval_context
def drawn_day(context: EvalContext, value: dt.date | None, **asked: Any) -> str:
    """Write a day as `day` does; in HTML as one piece that stays on its line."""
    return _unbroken(context, day(value, **asked))


@pass_eval_context
def drawn_moment(context: EvalContext, value: dt.datetime | None, **asked: Any) -> str:
    """Write a moment as `moment` does; in HTML as one piece that stays on its line."""
    return _unbroken(context, moment(value, **asked))


def _unbroken(context: EvalContext, written: str) -> str:
    if not context.autoescape or written == DASH:
        return written
    first, between, rest = written.partition(" · ")
    return _UNBROKEN.format(first, between + rest)


def near_words(value: dt.date | None, *, today: dt.date | None = None) -> str:
    """Say how far a day is from `today`: 明天, 3 天后, 2 天前; nothing beyond two weeks."""
    if value is None:
        return ""
    days = (_local_day(value) - (today or day_of_request())).days
    if abs(days) > NEAR_DAYS:
        return ""
    if days in {-1, 0, 1}:
        return {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}[days]
    if days > 0:
        return ngettext("in %(num)s day", "in %(num)s days", days)
    return ngettext("%(num)s day ago", "%(num)s days ago", -days)


def due_words(value: dt.date | None, *, today: dt.date | None = None) -> str:
    """Say what a term means today: 逾期 3 天, 今天到期, 明天; nothing for one that is far off."""
    if value is None:
        return ""
    days = (_local_day(value) - (today or day_of_request())).days
    if days < 0:
        return ngettext("%(num)s day overdue", "%(num)s days overdue", -days)
    return gettext("due today") if days == 0 else near_words(value, today=today)


def due_tone(value: dt.date | None, *, today: dt.date | None = None) -> str:
    """The tone of a term for the state macro: 'late' when past, 'due' today or tomorrow, else ''.

    No term has no tone.
    """
    if value is None:
        return ""
    days = (_local_day(value) - (today or day_of_request())).days
    return "late" if days < 0 else "due" if days <= 1 else ""


def moment(value: dt.datetime | None, *, seconds: bool = False) -> str:
    """Write an aware moment in Asia/Shanghai: 2026-11-24 15:30; unknown is a dash."""
    if value is None:
        return DASH
    local = value.astimezone(clock.ZONE)
    return local.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def filesize(value: int | None) -> str:
    """Write a size given in bytes: 640 B, 12.3 kB, 4.5 MB (steps of 1,000); unknown is a dash."""
    if value is None:
        return DASH
    size = Decimal(value)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{value} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def here(**changes: Any) -> str:
    """Give the address of this page with some of its query changed; None takes a word out.

    Keeps every other filter, so that sorting and paging never lose them.
    """
    query: dict[str, Any] = request.args.to_dict(flat=False)
    query.update(changes)
    kept = {key: value for key, value in query.items() if value is not None}
    if request.endpoint is None:
        return request.path
    path = url_for(request.endpoint, **(request.view_args or {}))
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def flat_errors(errors: Any) -> list[str]:
    """Flatten the errors of a field, of a list of fields or of a form inside a form."""
    if isinstance(errors, Mapping):
        return [text for inner in errors.values() for text in flat_errors(inner)]
    # A lazily translated text is a text, although its letters can be walked.
    if isinstance(errors, Iterable) and not isinstance(errors, str | LazyString):
        return [text for inner in errors for text in flat_errors(inner)]
    return [str(errors)] if errors else []


def may_be_left_open(field: Any) -> bool:
    """Whether a field may be sent empty: nothing demands it, and a choice has a blank answer."""
    if field.flags.required:
        return False
    if field.type not in ("SelectField", "RadioField"):
        return True
    return any(str(choice.value) in BLANKS for choice in field.iter_choices())


def _local_day(value: dt.date) -> dt.date:
    return clock.day_of(value) if isinstance(value, dt.datetime) else value


@functools.lru_cache(maxsize=4096)
def _written_day(value: dt.date, locale: Locale | None) -> str:
    return f"{value.isoformat()} ({format_date(value, 'EEE', locale=locale or 'en')})"


def day_of_request() -> dt.date:
    """The day of this request, read from the clock once."""
    if not has_app_context():
        return clock.today()
    if "today" not in g:
        g.today = clock.today()
    today: dt.date = g.today
    return today


FILTERS = {
    "number": number,
    "percent": percent,
    "points": points,
    "day": day,
    "near": near_words,
    "due": due_words,
    "due_tone": due_tone,
    "moment": moment,
    "mask_id": mask_id,
    "mask_name": mask_name,
    "mask_phone": mask_phone,
    "mask_email": mask_email,
    "filesize": filesize,
}
WORDS = {
    "here": here,
    "flat_errors": flat_errors,
    "may_be_left_open": may_be_left_open,
    "drawn_sign": drawn_sign,
}
BLANKS = ("", "0", "None")


def register_filters(app: Flask) -> None:
    """Make the filters and WORDS known to every template of `app`."""
    app.jinja_env.filters.update(FILTERS | {"day": drawn_day, "moment": drawn_moment})
    app.jinja_env.globals.update(WORDS)
