"""What may be typed about jobs."""

from placement.jobs.forms.answers import DeclineForm, ReferralForm, ReferralsForm, SettlementForm
from placement.jobs.forms.conflicts import differences
from placement.jobs.forms.postings import PostingForm, posting_data
from placement.jobs.forms.wishes import WishForm, wish_data

__all__ = [
    "DeclineForm",
    "PostingForm",
    "ReferralForm",
    "ReferralsForm",
    "SettlementForm",
    "WishForm",
    "differences",
    "posting_data",
    "wish_data",
]
