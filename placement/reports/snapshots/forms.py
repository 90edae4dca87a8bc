"""What may be typed about snapshots."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, PasswordField
from wtforms.validators import InputRequired, Length, NumberRange

from placement.reports.questions import EARLIEST_CLASS, LATEST_CLASS
from placement.web import PlacementForm


class TakeForm(PlacementForm):
    """Which class is frozen on which day."""

    class_year = IntegerField(
        _("Class year"), [InputRequired(), NumberRange(EARLIEST_CLASS, LATEST_CLASS)]
    )
    as_of = DateField(_("Figures as of"), [InputRequired()])


class ConfirmForm(PlacementForm):
    """The password, given again, before one's name goes under the figures."""

    password = PasswordField(_("Your password"), [InputRequired(), Length(max=1000)])
