"""Who else stands by the cases of the demo: helpers, approvals, subsidies."""

from collections import Counter
from itertools import pairwise

import pytest

from placement.demo.province.casework import CaseWork
from placement.demo.province.plan import Plan
from placement.demo.province.support import Support, support_of
from placement.notices.neutral import is_neutral
from placement.pairing.models import HelperKind


@pytest.fixture(scope="session")
def beside(whole_plan: Plan) -> list[tuple[CaseWork, Support]]:
    return [
        (work, support_of(work, seed=whole_plan.seed, today=whole_plan.today))
        for work in whole_plan.casework()
    ]


def test_same_case_has_the_same_beside_it(whole_plan: Plan, beside) -> None:
    work, support = next(pair for pair in beside if pair[1].helper is not None)

    assert support_of(work, seed=whole_plan.seed, today=whole_plan.today) == support


def test_closed_cases_have_nobody(beside) -> None:
    for work, support in beside:
        if work.closed_on is not None:
            assert (support.helper, support.approval, support.subsidy) == (None, "", "")


def test_helpers_write_month_by_month_and_some_do_not(whole_plan: Plan, beside) -> None:
    helpers = [(work, support.helper) for work, support in beside if support.helper is not None]

    assert 0.05 < len(helpers) / len(beside) < 0.2
    for work, helper in helpers:
        assert helper.kind in {kind.value for kind in HelperKind}
        assert is_neutral(helper.plan)
        assert helper.starts_on >= min(work.opened_on, whole_plan.today)
        days = [day for day, _text in helper.words]
        assert all(earlier < later for earlier, later in pairwise(days))
        assert all(helper.starts_on <= day <= whole_plan.today for day in days)
    silent = [
        helper
        for _work, helper in helpers
        if (whole_plan.today - max([d for d, _ in helper.words], default=helper.starts_on)).days
        > 31
    ]
    assert silent
    assert any(helper.objection for _work, helper in helpers)
    assert any(helper.starts_on > whole_plan.today for _work, helper in helpers)
    assert len(silent) < len(helpers) / 2


def test_every_stage_of_an_approval_and_of_a_subsidy_is_there(beside) -> None:
    approvals = Counter(support.approval for _work, support in beside)
    subsidies = Counter(support.subsidy for _work, support in beside)

    assert set(approvals) == {"", "asked", "approved", "returned"}
    assert set(subsidies) == {"", "papers", "applied", "paid"}
