"""The blueprint of the figures, and who may look at them."""

from flask import Blueprint, Response

from placement.accounts.models import Role
from placement.reports.exports import MEDIA_TYPES, as_csv, as_xlsx
from placement.reports.tables import Table
from placement.reports.words import LABELS

bp = Blueprint("reports", __name__, url_prefix="/reports")
STAFF = (Role.COUNSELOR, Role.UNIVERSITY, Role.PROVINCE)


def send_table(table: Table, form: str, name: str) -> Response:
    """Send a table as `name.csv` or `name.xlsx`, its columns in the language of the page."""
    data = as_csv(table, LABELS) if form == "csv" else as_xlsx(table, LABELS)
    return send_file(data, f"{name}.{form}")


def send_file(data: bytes, name: str) -> Response:
    """Send a file whose name ends with its form."""
    response = Response(data, mimetype=MEDIA_TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
