"""The words of the reports by mail, in the page's language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from placement.reports.models import ReportPage, Rhythm, Schedule, ScheduleState
from placement.reports.schedules.due import Timing
from placement.reports.words import crossing_word

PAGES = {ReportPage.RATES: _l("Figures"), ReportPage.PICTURES: _l("Pictures")}
RHYTHMS = {
    Rhythm.WEEKLY: _l("every week"),
    Rhythm.MONTHLY: _l("every month"),
    Rhythm.COUNTING_DAYS: _l("after each counting day"),
}
WEEKDAYS = {
    1: _l("Monday"),
    2: _l("Tuesday"),
    3: _l("Wednesday"),
    4: _l("Thursday"),
    5: _l("Friday"),
    6: _l("Saturday"),
    7: _l("Sunday"),
}
STATES = {
    ScheduleState.RUNNING: (_l("running"), "good"),
    ScheduleState.PAUSED: (_l("paused"), "due"),
    ScheduleState.ENDED: (_l("deleted"), ""),
}


def report_words(schedule: Schedule) -> str:
    """Which report it is: the page, the class, what it groups by."""
    address = schedule.address
    words = [str(PAGES[schedule.page])]
    if address.get("year"):
        words.append(_("class of %(year)s", year=address["year"]))
    words += [crossing_word(name) for name in address.get("by", ()) if name]
    if address.get("where") or address.get("university"):
        words.append(_("narrowed"))
    return " · ".join(words)


def timing_words(timing: Timing) -> str:
    """When it is mailed."""
    hour = f"{timing.hour:02d}:00"
    if timing.weekday is not None:
        day = str(WEEKDAYS[timing.weekday])
        return str(_("every %(weekday)s at %(hour)s", weekday=day, hour=hour))
    if timing.month_day is not None:
        return str(_("on day %(day)d of each month at %(hour)s", day=timing.month_day, hour=hour))
    return str(_("the morning after each counting day, at %(hour)s", hour=hour))
