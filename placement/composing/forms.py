"""What may be typed about a notice before it goes out."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from placement.fairs.operations.reminding import LONGEST_DAYS
from placement.web import OnceForm, PlacementForm


class ComposeForm(OnceForm):
    """Whom to tell, whom not, by which ways, with which words, and when."""

    categories = SelectMultipleField(_("Categories"), choices=[])
    parts = SelectMultipleField(_("Where they are"), choices=[])
    levels = SelectMultipleField(_("Levels"), choices=[])
    universities = SelectMultipleField(_("Universities"), coerce=int, choices=[])
    answered = BooleanField(_("Who has answered for this fair already"))
    placed = BooleanField(_("Who has found a place already"))
    opted_out = BooleanField(_("Who does not want such notices by mail or SMS"))
    contacted_days = IntegerField(
        _("Whom we have written to in so many days"), [Optional(), NumberRange(min=1, max=365)]
    )
    named = TextAreaField(
        _("These persons, by student number"),
        [Optional(), Length(max=40_000)],
        description=_(
            "One a line, or between commas. Where two universities have the same number, write"
            " university code/number."
        ),
    )
    forget_named = BooleanField(_("No longer leave out the persons named before"))
    channels = SelectMultipleField(_("Channels"), [InputRequired()], choices=[])
    message = TextAreaField(_("Your words"), [Optional(), Length(max=2000)])
    message_en = TextAreaField(_("Your words in English"), [Optional(), Length(max=2000)])
    when = RadioField(
        _("When it goes out"),
        choices=[
            SelectChoice("now", _("As soon as it may")),
            SelectChoice("at", _("At a chosen time")),
        ],
        default="now",
        coerce=str,
    )
    send_at = DateTimeLocalField(
        _("Day and time"), [Optional()], description=_("Time of Fujian (Asia/Shanghai).")
    )
    remind_after_days = IntegerField(
        _("Remind after how many days"), [Optional(), NumberRange(min=1, max=LONGEST_DAYS)]
    )
    again = BooleanField(_("Send again to the same audience"))
    version = HiddenField()


class AgreeForm(PlacementForm):
    """That somebody agrees to what the page showed: so many people, this version."""

    head_count = IntegerField(validators=[InputRequired()])
    digest = HiddenField(validators=[InputRequired()])
    version = HiddenField()


class TestForm(PlacementForm):
    """In which language somebody wants a test of a notice."""

    language = HiddenField(validators=[InputRequired()])


class VersionForm(PlacementForm):
    """An act on a draft as it was shown."""

    version = IntegerField(validators=[InputRequired()])
