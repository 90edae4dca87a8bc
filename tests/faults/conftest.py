"""A trial: a crowd with an announced fair, and an arena to send it in."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from placement import clock
from placement.config import Settings
from placement.db import db, transaction
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.announcement import Announcement
from placement.notices.operations.announcing import announce
from placement.services import Endpoints
from placement.students.models import Student
from tests.commands import Commands
from tests.faults.arena import Arena
from tests.faults.crowd import make_crowd

FAIR = {"title": "春季招聘会", "on": "2016-11-26", "time": "", "place": "福州", "description": ""}


@pytest.fixture
def arena(
    settings: Settings, endpoints: Endpoints, tmp_path: Path, _commands: Commands
) -> Iterator[Arena]:
    """An arena with nothing in it yet."""
    with Arena(settings, endpoints, tmp_path, _commands) as arena:
        yield arena


@pytest.fixture
def announced(
    superuser: psycopg.Connection, settings: Settings, sent_jobs: list[object]
) -> Callable[[int], int]:
    """Announce a fair to a crowd of so many; the number of the notice."""

    def tell(people: int) -> int:
        make_crowd(superuser, people)
        notice_id = announce_to_all(settings)
        db.session.rollback()
        return notice_id

    return tell


def announce_to_all(settings: Settings, *, again: bool = False) -> int:
    """Announce a fair by mail to every student there is."""
    outlet = dataclasses.replace(
        settings, smtp_url="smtp://127.0.0.1:1", mail_from="notices@placement.example"
    )
    fair = Announcement(
        kind=NoticeKind.FAIR,
        subject_id=1,
        values=FAIR | {"path": "/fairs/1"},
        channels=(Channel.MAIL,),
        audience={},
        expires_at=clock.now() + dt.timedelta(hours=48),
    )
    with transaction():
        told = announce(select(Student.id), fair, actor=None, settings=outlet, again=again)
    db.session.rollback()
    assert told.notice_id is not None
    return told.notice_id
