"""What tests of notices share: a mail server, settings that lead to it, an audience to write to."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from placement import clock
from placement.config import Settings
from placement.db import db, transaction
from placement.notices.models import Channel, Delivery, DeliveryState, Notice, NoticeKind
from placement.notices.operations.announcement import Announced, Announcement
from placement.notices.operations.announcing import announce
from placement.notices.sender import Drained, Orders, drain
from placement.students.models import Student
from tests.cast import Cast
from tests.factories import make_student
from tests.notices.sink import Sink

FAIR = {
    "title": "2016届春季招聘会",
    "on": "2016-11-26",
    "time": "09:00",
    "place": "福州",
    "description": "",
    "path": "/fairs/1",
}


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that takes everything unless told otherwise."""
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def outlet(app: Flask, settings: Settings, sink: Sink) -> Iterator[Settings]:
    """Settings under which mail goes to the sink; the pages see them too."""
    changed = dataclasses.replace(
        settings,
        smtp_url=f"smtp://127.0.0.1:{sink.port}",
        mail_from="notices@placement.example",
        base_url="https://placement.example",
    )
    app.config["SETTINGS"] = changed
    yield changed
    app.config["SETTINGS"] = settings


@pytest.fixture
def audience(cast: Cast) -> list[Student]:
    """Five students of the university, each with an address at a domain of its own."""
    return [make_student(cast.university, email=f"student{n}@domain{n}.example") for n in range(5)]


def announcement(**values: Any) -> Announcement:
    """A job fair to be announced by mail."""
    return Announcement(
        **{
            "kind": NoticeKind.FAIR,
            "subject_id": 1,
            "values": FAIR,
            "channels": (Channel.MAIL,),
            "audience": {"university": ["90001"]},
            "expires_at": clock.now() + dt.timedelta(hours=48),
        }
        | values
    )


Announce = Callable[..., Announced]


@pytest.fixture
def tell(outlet: Settings, sent_jobs: list[Any]) -> Announce:
    """Announce a fair to students: `tell(audience, channels=…)`."""

    def announce_to(
        students: Sequence[Student], *, again: bool = False, **values: Any
    ) -> Announced:
        chosen = select(Student.id).where(Student.id.in_([s.id for s in students]))
        with transaction():
            return announce(
                chosen, announcement(**values), actor=None, settings=outlet, again=again
            )

    return announce_to


@pytest.fixture
def send(outlet: Settings) -> Callable[..., Drained]:
    """Let a sender work until nothing is due: `send(channel=…, **changes of the settings)`."""

    def drain_now(channel: Channel = Channel.MAIL, slot: int = 0, **changes: Any) -> Drained:
        orders = {k: changes.pop(k) for k in ("stop", "at_point", "seconds") if k in changes}
        changed = dataclasses.replace(outlet, **changes)
        return drain(channel, slot, Orders(settings=changed, **orders))

    return drain_now


def states(notice_id: int | None = None) -> dict[str, int]:
    """How many deliveries are in each state."""
    found: dict[str, int] = {}
    query = select(Delivery.state)
    if notice_id is not None:
        query = query.where(Delivery.notice_id == notice_id)
    for state in db.session.execute(query).scalars():
        found[state.value] = found.get(state.value, 0) + 1
    db.session.rollback()
    return found


def only_delivery() -> Delivery:
    """The one delivery there is, as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.execute(select(Delivery)).scalar_one()


def only_notice() -> Notice:
    """The one notice there is, as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.execute(select(Notice)).scalar_one()


def put(state: DeliveryState, **values: Any) -> None:
    """Put every delivery into a state, as something outside the test's reach would have left it."""
    held = state in {DeliveryState.CLAIMED, DeliveryState.SENDING}
    defaults: dict[str, Any] = {"owner": "a-dead-sender" if held else None}
    for delivery in db.session.execute(select(Delivery)).scalars():
        for name, value in (defaults | values | {"state": state}).items():
            setattr(delivery, name, value)
    db.session.commit()
