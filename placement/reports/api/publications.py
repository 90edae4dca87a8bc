"""Which publication answers a question whose small counts are hidden."""

from placement.accounts.viewer import Viewer
from placement.db import db
from placement.errors import InvalidValueError, NotVisibleError
from placement.reports.api.schemas import RatesQuery
from placement.reports.models import Publication, Snapshot
from placement.reports.questions import Base, Basis
from placement.reports.snapshots.queries import published


class NotPublishedError(InvalidValueError):
    """What is asked is never published, so that a token which hides small counts cannot know it."""

    code = "not_published"


def publication_asked(viewer: Viewer, query: RatesQuery) -> Publication:
    """The publication of the viewer's university, or of the province, that a question is about.

    Each answer to a question of one's own choice could be protected by itself, but not against
    the next: of two days, two bases or two moments the difference may be one person. What is
    published is protected together, and is all that is ever answered where small counts are
    hidden. Raises NotPublishedError for what no publication holds, NotVisibleError where
    nothing is published of the class and the day.
    """
    if query.base is not Base.COUNTED or query.basis is not Basis.VERIFIED or query.known_at:
        raise NotPublishedError(
            "Published figures are over who is counted, by verified outcomes, as they were known.",
            remedy="Leave base, basis and known_at out, or make a token that shows small counts.",
        )
    found = published().where(
        Snapshot.class_year == query.class_year,
        Snapshot.university_id.is_not_distinct_from(viewer.university_id),
    )
    if query.as_of is not None:
        found = found.where(Snapshot.as_of == query.as_of)
    publication: Publication | None = db.session.execute(found.limit(1)).scalar_one_or_none()
    if publication is None:
        raise NotVisibleError(
            "Nothing is published of that class and day.",
            remedy="See /api/v1/publications for what is.",
        )
    if query.by not in publication.tables:
        raise NotPublishedError(
            "The publication has no table by %(group)s.",
            remedy="It has: %(tables)s.",
            group=query.by,
            tables=", ".join(publication.tables),
        )
    return publication
