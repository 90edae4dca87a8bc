"""How often a student agreed to be written to, and what they have been told once."""

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import SQL_NOW, Model
from placement.notices.digests import Rhythm
from placement.notices.models.kinds import NoticeKind


class MailRhythm(Model):
    """How often a student is written to by mail; at once where there is no row."""

    __tablename__ = "mail_rhythms"

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), unique=True)
    rhythm: Mapped[Rhythm]
    since: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)


class Telling(Model):
    """That a student was told about one thing: a reminder of a fair, an outcome to confirm.

    There is one for each, so that nobody is told twice however many beats run.
    """

    __tablename__ = "tellings"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "student_id", name="uq_tellings"),)

    kind: Mapped[NoticeKind]
    subject_id: Mapped[int]
    """The fair, posting, outcome or membership that it was about, or the day of a talk."""
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
