"""What the API answers: publications for every token, live figures for one's own."""

from importlib.metadata import version
from typing import Any

from placement import clock
from placement.accounts.access import public
from placement.errors import NotVisibleError
from placement.reference import counting_days, destinations
from placement.reports.api.answers import (
    live_row,
    page_of,
    part_of_list,
    published_row,
    summary_of,
)
from placement.reports.api.describing import Endpoint, description_of
from placement.reports.api.operations import Caller
from placement.reports.api.publications import publication_asked
from placement.reports.api.schemas import (
    FigureRow,
    PageQuery,
    PublicationList,
    PublicationsQuery,
    PublishedTable,
    RatesAnswer,
    RatesQuery,
)
from placement.reports.api.views.asking import ENDPOINTS, answers
from placement.reports.api.views.blueprint import bp
from placement.reports.dimensions import read_crossing
from placement.reports.models import Publication, Snapshot
from placement.reports.queries.reports import report_rates
from placement.reports.questions import Base, Basis, ask
from placement.reports.snapshots.queries import published, universities_by_code
from placement.reports.snapshots.words import group_words
from placement.reports.words import page_locale
from placement.web import get_or_404, paginate


@answers(
    Endpoint(
        "list_publications",
        "/api/v1/publications",
        "List what is published",
        "Frozen, signed and verified reports, the newest first; the same for every token.",
        PublicationsQuery,
        PublicationList,
    )
)
def list_publications(_caller: Caller, query: PublicationsQuery) -> PublicationList:
    """The publications of a class year or university, or all."""
    found = published()
    if query.class_year is not None:
        found = found.where(Snapshot.class_year == query.class_year)
    if query.university is not None:
        one = universities_by_code().get(query.university)
        found = found.where(Snapshot.university_id == (one.id if one else 0))
    page = paginate(found, size=query.page_size, number=query.page)
    # A program that asks on and on comes to an empty page, not to the last one again and again.
    some = page if page.number == query.page else ()
    return PublicationList(
        page=page_of(query.page, query.page_size, page.total),
        publications=[summary_of(publication) for publication in some],
    )


@answers(
    Endpoint(
        "read_published_table",
        "/api/v1/publications/<int:publication_id>/tables/<table>",
        "Read a published table",
        "Its rows as they were published; a count that tells too much of somebody is null.",
        PageQuery,
        PublishedTable,
    )
)
def read_published_table(
    _caller: Caller, query: PageQuery, publication_id: int, table: str
) -> PublishedTable:
    """The rows of one table of a publication."""
    publication: Publication = get_or_404(published(), publication_id)
    if table not in publication.tables:
        raise NotVisibleError(
            "The publication has no such table.", remedy="Its summary names those that it has."
        )
    rows, measures = publication.tables[table]["rows"], publication.tables[table]["measures"]
    page = page_of(query.page, query.page_size, len(rows))
    names = {code: found.name for code, found in universities_by_code().items()}
    scheme = destinations.scheme_for(publication.snapshot.class_year)
    return PublishedTable(
        publication=summary_of(publication),
        table=table,
        page=page,
        rows=[
            published_row(row, measures, group_words(table, row["key"], names, scheme))
            for row in part_of_list(rows, page)
        ],
    )


@answers(
    Endpoint(
        "read_rates",
        "/api/v1/rates",
        "Ask for the rate",
        "With a token that shows small counts: the figures that its maker may see, of any day and"
        " as known at any moment. With one that hides them: what is published of those figures, of"
        " a day, a base and a basis that are published, since answers to questions of one's own"
        " choice could be subtracted from each other. By ethnic group, origin and home county"
        " nothing is published, since nearly all of their small rows would be hidden, so that such"
        " a token is refused them.",
        RatesQuery,
        RatesAnswer,
        own_only=True,
    )
)
def read_rates(caller: Caller, query: RatesQuery) -> RatesAnswer:
    """The report of a question, as the page of figures gives it, or as it was published."""
    if not caller.small_counts:
        return _published_rates(caller, query)
    crossing = read_crossing(query.by)
    final = counting_days.final_of(query.class_year)
    question = ask(
        query.class_year,
        query.as_of or min(clock.today(), final),
        known_at=query.known_at,
        base=query.base,
        basis=query.basis,
        by=[crossing],
    )
    report = report_rates(question, caller.viewer, locale=page_locale())
    page = page_of(query.page, query.page_size, len(report.by[crossing]))
    return RatesAnswer(
        class_year=question.class_year,
        as_of=question.as_of,
        known_at=report.known_at,
        scheme=question.scheme,
        base=question.base,
        basis=question.basis,
        by=query.by,
        small_counts="shown",
        publication_id=None,
        total=live_row(report.total, "total"),
        page=page,
        rows=[live_row(row) for row in part_of_list(report.by[crossing], page)],
    )


def _published_rates(caller: Caller, query: RatesQuery) -> RatesAnswer:
    """The rows of what is published: nothing that a token asks tells more than everybody knows."""
    publication = publication_asked(caller.viewer, query)
    snapshot, tables = publication.snapshot, publication.tables
    rows, measures = tables[query.by]["rows"], tables[query.by]["measures"]
    page = page_of(query.page, query.page_size, len(rows))
    names = {code: found.name for code, found in universities_by_code().items()}
    scheme = destinations.scheme_for(snapshot.class_year)

    def printed(table: str, row: dict[str, Any], measures: list[str]) -> FigureRow:
        return published_row(row, measures, group_words(table, row["key"], names, scheme))

    return RatesAnswer(
        class_year=snapshot.class_year,
        as_of=snapshot.as_of,
        known_at=snapshot.known_at.astimezone(clock.ZONE),
        scheme=scheme,
        base=Base.COUNTED,
        basis=Basis.VERIFIED,
        by=query.by,
        small_counts="hidden",
        publication_id=publication.id,
        total=printed("total", tables["total"]["rows"][0], tables["total"]["measures"]),
        page=page,
        rows=[printed(query.by, row, measures) for row in part_of_list(rows, page)],
    )


@bp.get("/openapi.json")
@public
def openapi() -> dict[str, Any]:
    """Describe the API (OpenAPI 3.1); anybody may read that."""
    return description_of(ENDPOINTS, version=version("placement"))
