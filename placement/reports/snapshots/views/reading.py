"""What is published, for everybody who is signed in: pages and files, hidden counts marked."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from placement.accounts.access import requires
from placement.reports.exports import MEDIA_TYPES, as_csv, as_xlsx
from placement.reports.snapshots.answers import publication_answer
from placement.reports.snapshots.queries import published, universities_by_code
from placement.reports.snapshots.views.blueprint import EVERYBODY, bp
from placement.reports.snapshots.words import (
    coarsenings,
    printed_table_of,
    publication_table,
    publication_words,
    tables_in_order,
)
from placement.web import get_or_404, paginate


@bp.get("/published")
@requires(*EVERYBODY)
def list_published() -> ResponseReturnValue:
    """List the publications, the newest first."""
    page = paginate(published())
    return render_template("reports/snapshots/published.html", page=page)


@bp.get("/published/<int:publication_id>")
@requires(*EVERYBODY)
def show_published(publication_id: int) -> ResponseReturnValue:
    """Show the tables of a publication."""
    publication = get_or_404(published(), publication_id)
    names = _names()
    return render_template(
        "reports/snapshots/publication.html",
        publication=publication,
        snapshot=publication.snapshot,
        tables=[
            printed_table_of(name, table, names, publication.snapshot)
            for name, table in tables_in_order(publication)
        ],
        coarsenings=coarsenings(publication),
    )


@bp.get("/published/<int:publication_id>.<any(csv, xlsx, json):form>")
@requires(*EVERYBODY)
def export_published(publication_id: int, form: str) -> ResponseReturnValue:
    """Send exactly the tables of the page as a file."""
    publication = get_or_404(published(), publication_id)
    if form == "json":
        return publication_answer(publication)
    table = publication_table(publication, _names())
    words = publication_words()
    data = as_csv(table, words) if form == "csv" else as_xlsx(table, words)
    snapshot = publication.snapshot
    name = f"published-{snapshot.class_year}-{snapshot.as_of}-v{snapshot.version}"
    response = Response(data, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _names() -> dict[str, str]:
    return {code: found.name for code, found in universities_by_code().items()}
