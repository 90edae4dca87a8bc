"""Which subsidies somebody is probably entitled to, what is missing, and how far they are."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from placement.cases.entitlement import Known, Likelihood, Window, likelihood, window_on
from placement.cases.models import Case, SubsidyClaim
from placement.db import db
from placement.outcomes.queries import deciding_outcome
from placement.reference import destinations
from placement.reference.subsidies import Subsidy
from placement.rulebook.queries import subsidies_on
from placement.students.queries import memberships_on


@dataclass(frozen=True, slots=True)
class Offer:
    """One subsidy as it stands for one person on a day."""

    subsidy: Subsidy
    likelihood: Likelihood
    window: Window
    opens: dt.date
    closes: dt.date
    claim: SubsidyClaim | None

    @property
    def version(self) -> int:
        """The version of what was kept, 0 where nothing was."""
        return 0 if self.claim is None else self.claim.version

    @property
    def missing(self) -> tuple[str, ...]:
        """The papers that are not at hand."""
        at_hand = set() if self.claim is None else set(self.claim.papers)
        return tuple(code for code in self.subsidy.papers if code not in at_hand)

    @property
    def waits(self) -> bool:
        """Whether there is something to do now: probably entitled, open, not yet applied for."""
        begun = self.claim is not None and (self.claim.applied_on or self.claim.set_aside)
        return self.likelihood is Likelihood.PROBABLY and self.window is Window.OPEN and not begun


def offers_to(case: Case, *, today: dt.date) -> list[Offer]:
    """The subsidies that fit somebody or that they are at, what is to be done first."""
    known = _known(case, today)
    claims = {
        claim.subsidy: claim
        for claim in db.session.execute(
            select(SubsidyClaim).where(SubsidyClaim.student_id == case.student_id)
        ).scalars()
    }
    offers = []
    for subsidy in subsidies_on(today):
        fits, claim = likelihood(subsidy, known), claims.get(subsidy.code)
        opens, closes = subsidy.window(known.class_year)
        window = window_on(subsidy, known.class_year, today)
        if claim is not None or (fits is not Likelihood.NO and window is not Window.OVER):
            offers.append(Offer(subsidy, fits, window, opens, closes, claim))
    return sorted(offers, key=lambda offer: (not offer.waits, offer.closes))


def _known(case: Case, today: dt.date) -> Known:
    memberships = db.session.execute(memberships_on(case.student_id, day=today)).scalars().all()
    classes = {row.hardship_class for row in memberships if row.hardship_class}
    decides = deciding_outcome(case.student_id, day=today)
    code = None if decides is None else decides.code
    return Known(
        class_year=case.student.class_year,
        classes=frozenset(classes | {row.category.value for row in memberships}),
        code=code,
        placed=code is not None and destinations.is_placed(code),
    )
