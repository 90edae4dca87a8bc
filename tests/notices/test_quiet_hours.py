"""Quiet hours by the clock of Asia/Shanghai."""

import datetime as dt

import pytest

from placement.clock import ZONE
from placement.errors import ConfigurationError
from placement.notices.quiet_hours import read_quiet_hours


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        pytest.param("22:00-07:00", "2016-11-26 22:00", "2016-11-27 07:00", id="evening"),
        pytest.param("22:00-07:00", "2016-11-27 06:59", "2016-11-27 07:00", id="morning"),
        pytest.param("22:00-07:00", "2016-11-27 07:00", None, id="over"),
        pytest.param("22:00-07:00", "2016-11-26 21:59", None, id="not-yet"),
        pytest.param("22:00-07:00", "2016-12-31 23:30", "2017-01-01 07:00", id="new-year"),
        pytest.param("12:00-14:00", "2016-11-26 13:00", "2016-11-26 14:00", id="noon"),
        pytest.param("12:00-14:00", "2016-11-26 14:00", None, id="after-noon"),
        pytest.param("off", "2016-11-26 23:00", None, id="off"),
        pytest.param("07:00-07:00", "2016-11-26 07:00", None, id="empty"),
    ],
)
def test_when_quiet_hours_end(hours, moment, end):
    expected = None if end is None else at(end)

    assert read_quiet_hours(hours).ends_after(at(moment)) == expected


def test_another_zone_is_put_into_ours():
    night_in_shanghai = dt.datetime(2016, 11, 26, 15, 0, tzinfo=dt.UTC)

    assert read_quiet_hours("22:00-07:00").ends_after(night_in_shanghai) == at("2016-11-27 07:00")


@pytest.mark.parametrize("text", ["22-7", "22:00", "25:00-07:00", "22:61-07:00", "night"])
def test_what_names_no_hours_is_refused(text):
    with pytest.raises(ConfigurationError):
        read_quiet_hours(text)
