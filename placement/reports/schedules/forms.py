"""What may be typed about a report by mail."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from placement.reports.models import Rhythm, Schedule
from placement.reports.schedules.due import Timing
from placement.reports.schedules.words import RHYTHMS, WEEKDAYS
from placement.web import PlacementForm

HOURS = range(7, 22)


class TimingForm(PlacementForm):
    """How often, on which day and at which hour."""

    rhythm = RadioField(
        _("How often"),
        [InputRequired()],
        choices=[SelectChoice(rhythm.value, word) for rhythm, word in RHYTHMS.items()],
        coerce=str,
    )
    weekday = SelectField(
        _("Day of the week"),
        [Optional()],
        choices=[SelectChoice(number, word) for number, word in WEEKDAYS.items()],
        coerce=int,
        description=_("Counts for every week only."),
    )
    month_day = IntegerField(
        _("Day of the month"),
        [Optional(), NumberRange(1, 31, message=_("Give a day from 1 to 31."))],
        description=_("Counts for every month only; in a shorter month it is the last day."),
        render_kw={"inputmode": "numeric", "min": 1, "max": 31},
    )
    hour = SelectField(
        _("At what hour"),
        [InputRequired()],
        choices=[SelectChoice(hour, f"{hour:02d}:00") for hour in HOURS],
        coerce=int,
    )
    version = IntegerField(validators=[Optional()], widget=HiddenInput())

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the day that the rhythm needs."""
        valid = bool(super().validate(extra_validators))
        if self.rhythm.data == Rhythm.MONTHLY and not self.month_day.data:
            self.month_day.errors = [*self.month_day.errors, gettext("Give a day from 1 to 31.")]
            return False
        return valid

    @property
    def timing(self) -> Timing:
        """What was chosen."""
        rhythm = Rhythm(self.rhythm.data)
        return Timing(
            rhythm=rhythm,
            hour=int(self.hour.data),
            weekday=int(self.weekday.data or 1) if rhythm is Rhythm.WEEKLY else None,
            month_day=self.month_day.data if rhythm is Rhythm.MONTHLY else None,
        )


def form_of(schedule: Schedule) -> TimingForm:
    """The form with what a schedule has now."""
    return TimingForm(
        data={
            "rhythm": schedule.rhythm.value,
            "weekday": schedule.weekday or 1,
            "month_day": schedule.month_day,
            "hour": schedule.hour,
            "version": schedule.version,
        }
    )
