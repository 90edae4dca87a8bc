"""Answers to postings, referrals and what became of them."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from placement.jobs.models import DeclineReason, ReferralState
from placement.jobs.operations import SETTLEMENTS
from placement.jobs.words import select_choices
from placement.web import PlacementForm


class DeclineForm(PlacementForm):
    """Why a posting is not for me."""

    reason = RadioField(
        _("It is not for me, because"),
        [InputRequired()],
        choices=select_choices(DeclineReason),
        coerce=DeclineReason,
    )


class ReferralForm(PlacementForm):
    """A posting put forward, with a word to the student."""

    note = TextAreaField(_("A word to the student"), [Optional(), Length(max=500)])


class ReferralsForm(ReferralForm):
    """Several postings of the list put forward at once."""

    postings = SelectMultipleField(_("Jobs"), [InputRequired()], coerce=int, choices=[])


class SettlementForm(PlacementForm):
    """What became of a referral."""

    state = RadioField(
        _("What became of it"),
        [InputRequired()],
        choices=select_choices(SETTLEMENTS),
        coerce=ReferralState,
    )
    version = HiddenField(validators=[InputRequired()])

    @property
    def shown_version(self) -> int:
        """The version of the referral when the form was shown; 0 fits none."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 12 else 0
