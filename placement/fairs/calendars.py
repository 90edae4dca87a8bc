"""Fairs as calendar files (iCalendar, RFC 5545), for any calendar that a person already has.

An entry keeps its UID for as long as the fair or the sign-up lives, and each change raises its
SEQUENCE, so that a calendar that takes the file in again moves the entry it has. What was called
off or withdrawn is a CANCEL, which takes the entry out.
"""

import datetime as dt
from collections.abc import Callable

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText

from placement import clock
from placement.fairs.models import Fair, SignUp, SignUpState
from placement.notices.neutral import neutral

_PRODUCT = "-//Placement//Fairs//EN"
_ZONE = "Asia/Shanghai"
_ONE_DAY = dt.timedelta(days=1)

Translate = Callable[[str], str]


def fair_calendar(fair: Fair, *, url: str, sender: str, translate: Translate) -> bytes:
    """A fair as everybody sees it. `url` is its page, `sender` the address it comes from."""
    entry = _entry(fair, translate, url)
    entry.add("uid", f"fair-{fair.uid}")
    entry.add("sequence", fair.version)
    gone = fair.cancelled_at is not None
    entry.add("status", "CANCELLED" if gone else "CONFIRMED")
    return _file(entry, sender, cancelled=gone)


def sign_up_calendar(answer: SignUp, *, url: str, sender: str, translate: Translate) -> bytes:
    """A student's own entry: sure with a place, tentative in the line, taken out without."""
    fair = answer.fair
    entry = _entry(fair, translate, url)
    entry.add("uid", f"sign-up-{answer.uid}")
    entry.add("sequence", fair.version + answer.version)
    gone = fair.cancelled_at is not None or answer.state is SignUpState.WITHDRAWN
    waits = answer.state is SignUpState.WAITING
    entry.add("status", "CANCELLED" if gone else "TENTATIVE" if waits else "CONFIRMED")
    if not gone and not waits:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry["summary"])
        alarm.add("trigger", -_ONE_DAY)
        entry.add_component(alarm)
    return _file(entry, sender, cancelled=gone)


def _entry(fair: Fair, translate: Translate, url: str) -> Event:
    """What both have in common; nothing in it says why somebody was invited."""
    entry = Event()
    entry.add("dtstamp", clock.now().astimezone(dt.UTC))
    entry.add("summary", neutral(fair.title) or translate("Job fair"))
    places = [neutral(text) for text in (fair.place, fair.address)]
    entry.add("location", ", ".join(place for place in places if place))
    if neutral(fair.directions):
        entry.add("description", neutral(fair.directions))
    entry.add("url", url)
    zone = clock.ZONE
    if fair.starts_at is None:
        entry.add("dtstart", fair.on)
        entry.add("dtend", fair.on + _ONE_DAY)
    else:
        entry.add("dtstart", dt.datetime.combine(fair.on, fair.starts_at, tzinfo=zone))
        if fair.ends_at is not None:
            entry.add("dtend", dt.datetime.combine(fair.on, fair.ends_at, tzinfo=zone))
    return entry


def _file(entry: Event, sender: str, *, cancelled: bool) -> bytes:
    organizer = vCalAddress(f"mailto:{sender}")
    organizer.params["cn"] = vText("Graduate employment service")
    entry["organizer"] = organizer
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_shanghai())
    calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written


def _shanghai() -> Timezone:
    """Asia/Shanghai: eight hours ahead of UTC, without summer time since 1991."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", _ZONE)
    standard.add("tzname", "CST")
    standard.add("dtstart", dt.datetime(1991, 9, 15, 1))  # noqa: DTZ001 - local by RFC 5545
    standard.add("tzoffsetfrom", dt.timedelta(hours=9))
    standard.add("tzoffsetto", dt.timedelta(hours=8))
    zone.add_component(standard)
    return zone
