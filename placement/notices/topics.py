"""What a student may choose about: each topic with the kinds of notice that belong to it."""

import enum
from collections.abc import Sequence

from placement.notices.models import NoticeKind


class Topic(enum.StrEnum):
    """What messages are about, as a student sees it."""

    FAIRS = "fairs"
    JOBS = "jobs"
    TALKS = "talks"
    OUTCOME = "outcome"
    PAPERS = "papers"


KINDS_OF = {
    Topic.FAIRS: (NoticeKind.FAIR, NoticeKind.REMINDER),
    Topic.JOBS: (NoticeKind.JOBS,),
    Topic.TALKS: (NoticeKind.FOLLOW_UP,),
    Topic.OUTCOME: (NoticeKind.OUTCOME,),
    Topic.PAPERS: (NoticeKind.PAPERS,),
}


def topic_of(kind: NoticeKind) -> Topic | None:
    """The topic of a kind; none for what is of all topics, such as a digest."""
    return next((topic for topic, kinds in KINDS_OF.items() if kind in kinds), None)


def kinds_with(kind: NoticeKind) -> Sequence[NoticeKind]:
    """The kinds that somebody wants no more who wants no more of `kind`.

    Those of its topic; a digest stands for all that it could hold.
    """
    if kind is NoticeKind.DIGEST:
        return [each for kinds in KINDS_OF.values() for each in kinds]
    topic = topic_of(kind)
    return (kind,) if topic is None else KINDS_OF[topic]
