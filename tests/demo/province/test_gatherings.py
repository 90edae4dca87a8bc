"""Who goes to the fairs of the demo, and what comes of it."""

import datetime as dt
from collections import Counter

from placement.demo.province.plan import Plan
from placement.demo.province.programme import programme_of
from placement.fairs import models


def test_guests_signed_up_before_and_came_only_to_what_is_over(whole_plan: Plan) -> None:
    kinds: Counter[str | None] = Counter()
    for fair, guests in zip(whole_plan.fairs, whole_plan.guests, strict=True):
        over = fair.on < whole_plan.today
        assert len({(guest.university, guest.student_number) for guest in guests}) == len(guests)
        assert any(guest.came_at for guest in guests) == over
        assert all(guest.signed_up_at.date() <= whole_plan.today for guest in guests)
        for guest in guests:
            assert guest.came_at is None or guest.came_at.date() == fair.on
            assert guest.kind is None or guest.came_at is not None
            assert guest.next_on is None or guest.next_on > fair.on
            assert 0 <= guest.stand < len(fair.stands)
            kinds[guest.kind] += 1

    assert set(kinds) - {None} == {kind.value for kind in models.ResultKind}
    assert kinds[None] > kinds["interview"] > kinds["intent"] > 0


def test_student_who_shows_the_demo_went_to_all_and_goes_to_the_next(whole_plan: Plan) -> None:
    mine = (whole_plan.logins.university, whole_plan.logins.student_number)
    ahead = sorted(fair.on for fair in whole_plan.fairs if fair.on >= whole_plan.today)

    for fair, guests in zip(whole_plan.fairs, whole_plan.guests, strict=True):
        own = [guest for guest in guests if (guest.university, guest.student_number) == mine]
        assert len(own) == (fair.on < whole_plan.today or fair.on in ahead[:2])
        assert all((guest.kind == "interview") == (fair.on < whole_plan.today) for guest in own)


def test_schedule_lies_within_the_fair(whole_plan: Plan) -> None:
    for fair in whole_plan.fairs:
        for hour in programme_of(fair):
            assert fair.starts_at <= hour.starts_at < hour.ends_at <= fair.ends_at
            assert hour.kind in {kind.value for kind in models.ItemKind}
            assert hour.ends_at > dt.time(9)
