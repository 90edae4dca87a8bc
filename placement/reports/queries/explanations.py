"""The difference of two figures explained; the second may be one that somebody printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from placement.accounts.viewer import Viewer
from placement.reports.dimensions import CHINESE
from placement.reports.queries.printed import answers_that_give
from placement.reports.queries.reconciliations import (
    Reconciliation,
    at,
    begin_comparison,
    reconcile,
)
from placement.reports.questions import Question
from placement.reports.reconciliation.printed import PLACED, RATE, TOTAL, Candidate, Printed


@dataclass(frozen=True, slots=True)
class Explanation:
    """Two figures of ours and their difference, and what was printed if anything was.

    With something printed the second figure is the first of `candidates`, our answer that gives
    most of it; without any it is the first figure itself.
    """

    difference: Reconciliation
    printed: Printed | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def unexplained(self) -> Mapping[str, int | Decimal]:
        """What was printed less what our nearest answer says, of each printed number."""
        if self.printed is None:
            return {}
        row = self.difference.second.row
        ours = {TOTAL: row.denominator, PLACED: row.placed, RATE: row.rate or Decimal(0)}
        return {name: getattr(self.printed, name) - ours[name] for name in self.printed.names}

    @property
    def found(self) -> frozenset[str]:
        """The printed numbers that some answer of ours gives exactly."""
        return frozenset(name for one in self.candidates for name in one.gives)


def explain_difference(
    first: Question,
    second: Question | None,
    viewer: Viewer | None,
    *,
    printed: Printed | None = None,
    locale: str = CHINESE,
) -> Explanation:
    """Explain the difference of two figures, or of one and what was printed.

    With `printed` no `second` is needed: it is looked for. Ends the transaction under way and
    leaves one open that reads the state of the answer. Raises NoRegisterError,
    MomentNotClosedError and InvalidValueError as `begin_reading` and `reconcile` do.
    """
    before, after = begin_comparison(first, second or first, viewer)
    if printed is None:
        return Explanation(reconcile(before, after, locale=locale))
    candidates = tuple(answers_that_give(before, printed))
    after = at(before, candidates[0].question) if candidates else before
    return Explanation(reconcile(before, after, locale=locale), printed, candidates)
