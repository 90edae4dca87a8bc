"""A test of a draft: mailed for real, to the person who asks for it and to nobody else."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy import func, select

from placement import clock
from placement.accounts.models import User
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.composing.models import NoticeDraft
from placement.composing.operations.drafting import require_open
from placement.composing.texts import LANGUAGES, announcement_from
from placement.config import Settings
from placement.db import db, system_scope, use_scope
from placement.errors import InvalidValueError, PlacementError
from placement.notices.models import Channel, Notice, NoticeKind, Recipient
from placement.notices.operations.announcing import announce
from placement.notices.operations.telling import NoMailAddressError
from placement.notices.queries import has_confirmed_address

_GOOD_FOR = dt.timedelta(hours=1)
MOST_AN_HOUR = 10


class TooManyTestsError(PlacementError):
    """Somebody has sent themselves so many tests within an hour as may be."""

    code = "too_many_tests"
    status = 429


def send_test(draft: NoticeDraft, language: str, *, actor: Viewer, settings: Settings) -> int:
    """Mail a draft in one language to the actor's own confirmed address; the notice's number.

    It takes the way of every mail, at any hour and marked as a test, and is a notice of its own:
    nobody counts as told of the fair by it. An hour later it would be no test any more. Raises
    NoMailAddressError, ChannelNotOfferedError, InvalidValueError for an unknown language,
    DraftClosedError, FairOverError, and TooManyTestsError after ten within an hour.
    """
    require_open(draft)
    if language not in LANGUAGES:
        raise InvalidValueError("Notices are not written in this language.")
    told = announcement_from(draft, settings)
    test = dataclasses.replace(
        told,
        kind=NoticeKind.TEST,
        subject_id=draft.id,
        channels=(Channel.MAIL,),
        audience={"once": uuid.uuid4().hex},
        expires_at=clock.now() + _GOOD_FOR,
        to=Recipient.STAFF,
        language=language,
    )
    with use_scope(system_scope("test of a notice")):
        if not has_confirmed_address(actor):
            raise NoMailAddressError(
                "Your account has no confirmed mail address to send the test to.",
                remedy="Give one on the page of your account and open the link that is mailed.",
            )
        _refuse_more(actor)
        sent = announce(
            select(User.id).where(User.id == actor.user_id), test, actor=actor, settings=settings
        )
    record_event(
        "draft.tested", actor_id=actor.user_id, subject=draft, details={"language": language}
    )
    return int(sent.notice_id or 0)


def _refuse_more(actor: Viewer) -> None:
    of_late = select(func.count(Notice.id)).where(
        Notice.kind == NoticeKind.TEST,
        Notice.created_by == actor.user_id,
        Notice.created_at > clock.now() - dt.timedelta(hours=1),
    )
    if db.session.execute(of_late).scalar_one() >= MOST_AN_HOUR:
        raise TooManyTestsError(
            "You have sent yourself %(count)s tests within an hour, and more are not mailed.",
            remedy="Read the text on this page meanwhile: it is to the letter what will be sent.",
            count=MOST_AN_HOUR,
        )
