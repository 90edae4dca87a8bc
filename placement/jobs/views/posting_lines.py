"""What each line of the list of postings says, ready to be printed."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from placement.jobs import words
from placement.jobs.models import Posting, PostingState
from placement.web.addresses import numbered
from placement.web.filters import DASH, day, number
from placement.web.states import drawn_state

_UNDER = Markup('<span class="under">{}</span>')
_QUIET = Markup('<span class="quiet">{}</span>')


def posting_lines(postings: Iterable[Posting], fits: Mapping[int, int]) -> Iterator[dict[str, Any]]:
    """The values of the macro `posting_line` for each posting.

    `fits` counts those of the viewer's students who have it on their list.
    """
    url, here = numbered("jobs.show_posting", "posting_id"), words.locale()
    written = functools.cache(day)
    unverified = Markup(" ") + drawn_state(_("not verified"), "due")
    ended, unstated = drawn_state(_("hiring ended")), _QUIET.format(_("not stated"))
    for posting in postings:
        employer = posting.employer
        known = employer.verified_at or employer.import_id
        last = written(posting.deadline) if posting.deadline else unstated
        yield {
            "url": url(posting.id),
            "title": posting.title,
            "under": _under(posting.level, here),
            "employer": employer.name,
            "unverified": "" if known else unverified,
            "place": _place(posting.city, here),
            "pay": _pay(posting.salary_min, posting.salary_max, here),
            "openings": number(posting.openings),
            "last": ended if posting.state is PostingState.CLOSED else last,
            "fits": number(fits.get(posting.id, 0)),
        }


@functools.lru_cache(maxsize=1024)
def _under(level: str | None, _locale: str) -> Markup:
    found = words.lowest_level(level)
    return _UNDER.format(found) if found else Markup("")


@functools.lru_cache(maxsize=4096)
def _pay(low: int | None, high: int | None, _locale: str) -> str:
    return words.pay_between(low, high) or DASH


@functools.lru_cache(maxsize=4096)
def _place(code: str | None, _locale: str) -> str:
    return words.place(code) or DASH
