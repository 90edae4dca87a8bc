"""A fair is a draft, opened, changed and called off; who signed up hears of it."""

import datetime as dt

import pytest

from placement import clock
from placement.db import db
from placement.fairs.models import Fair, FairItem, FairState
from placement.notices.models import Channel, Delivery, Notice, NoticeKind
from tests.fairs.cast_of_fairs import held


def fields_of(fair: Fair, **changes):
    return {
        "title": fair.title,
        "on": fair.on.isoformat(),
        "place": fair.place,
        "version": fair.version,
        **changes,
    }


def told() -> list[tuple[NoticeKind, Channel]]:
    rows = db.session.query(Notice.kind, Delivery.channel).join(Delivery)
    return sorted(rows.all(), key=str)


def test_draft_is_for_staff_until_it_is_opened(browser, cast):
    browser.sign_in(cast.zheng).submit(
        "/fairs/new", title="Spring fair", on=clock.today().isoformat(), place="Hall", is_draft="y"
    )
    fair = db.session.query(Fair).one()
    page = browser.get(f"/fairs/{fair.id}")
    announcing = browser.get(f"/fairs/{fair.id}/announce?channels=inbox")
    unseen = browser.sign_in(cast.lin_mei_user).get(f"/fairs/{fair.id}")

    browser.sign_in(cast.zheng).submit(f"/fairs/{fair.id}/open")

    assert "This fair is a draft." in page.text
    assert "still a draft" in announcing.text
    assert unseen.status_code == 404
    assert browser.sign_in(cast.lin_mei_user).get(f"/fairs/{fair.id}").status_code == 200
    assert fair.state_on(clock.today()) is FairState.OPEN
    assert fair.state_on(clock.today() + dt.timedelta(days=1)) is FairState.HELD


def test_who_signed_up_is_told_of_another_place_and_of_the_end(browser, cast):
    fair = held()
    browser.sign_in(cast.lin_mei_user).submit(f"/fairs/{fair.id}/sign-up")
    browser.sign_in(cast.huang)

    browser.submit(f"/fairs/{fair.id}/edit", **fields_of(fair, title="Autumn fair"))
    unmoved = told()
    browser.submit(f"/fairs/{fair.id}/edit", **fields_of(fair, place="Xiamen", address="1 Road"))
    moved = told()
    asked = browser.get(f"/fairs/{fair.id}/cancel")
    browser.submit(f"/fairs/{fair.id}/cancel", reason="Storm")
    page = browser.get(f"/fairs/{fair.id}")
    browser.submit(f"/fairs/{fair.id}/cancel")

    both = [Channel.INBOX, Channel.MAIL]
    assert unmoved == []
    assert moved == [(NoticeKind.MOVED, channel) for channel in both]
    assert "is told at once" in asked.text
    assert told() == [(NoticeKind.CALLED_OFF, channel) for channel in both] + moved
    assert "Storm" in page.text
    browser.sign_in(cast.lin_mei_user)
    assert "Called off: Autumn fair" in browser.get("/inbox").text
    assert "Changed: Autumn fair" in browser.get("/inbox").text
    message = db.session.query(Delivery).filter_by(channel=Channel.INBOX).order_by(Delivery.id)
    assert "Storm" in browser.get(f"/inbox/{message.all()[-1].id}").text


def test_nobody_is_told_where_nobody_signed_up_or_it_is_over(browser, cast, travel):
    fair = held(ends_at=dt.time(0, 1))
    browser.sign_in(cast.huang)
    browser.submit(f"/fairs/{fair.id}/edit", **fields_of(fair, place="Xiamen", ends_at="00:01"))
    browser.sign_in(cast.lin_mei_user).submit(f"/fairs/{fair.id}/sign-up")

    travel(days=3)
    browser.sign_in(cast.huang)
    browser.submit(f"/fairs/{fair.id}/edit", **fields_of(fair, place="Fuzhou"))
    browser.submit(f"/fairs/{fair.id}/cancel")

    assert db.session.query(Notice).count() == 0


def test_schedule_is_written_changed_and_put_back(browser, cast):
    fair = held()
    browser.sign_in(cast.huang)
    talk = {"kind": "talk", "title": "Writing a CV", "starts_at": "10:00", "ends_at": "11:00"}

    wrong = browser.submit(f"/fairs/{fair.id}/schedule/new", **talk | {"ends_at": "09:00"})
    nameless = browser.submit(f"/fairs/{fair.id}/schedule/new", **talk | {"title": " "})
    browser.submit(f"/fairs/{fair.id}/schedule/new", **talk, place="Room 1")
    item = db.session.query(FairItem).one()
    address = f"/fairs/{fair.id}/schedule/{item.id}"
    browser.get(address)
    browser.submit(address, **talk | {"title": "Interviews"}, version=item.version)
    conflict = browser.submit(address, **talk, version=1)
    browser.submit(f"{address}/remove")
    without = browser.get(f"/fairs/{fair.id}")
    browser.submit(f"{address}/restore")
    shown = browser.sign_in(cast.lin_mei_user).get(f"/fairs/{fair.id}")

    assert [r.status_code for r in (wrong, nameless, conflict)] == [422, 422, 422]
    assert "Interviews" not in without.text.partition('id="flashes"')[0]
    assert "Interviews" in shown.text
    assert "10:00–11:00" in shown.text


@pytest.mark.parametrize("act", ["edit", "cancel", "stands/new", "schedule/new", "stands/many"])
def test_only_the_host_changes_a_fair(browser, cast, act):
    fair = held()

    assert browser.sign_in(cast.zheng).get(f"/fairs/{fair.id}/{act}").status_code == 403
