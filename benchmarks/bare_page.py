"""The peer of lists under load: a bare Flask page by the same server, 50 people in a table.

Usage: python benchmarks/bare_page.py --port PORT, with the environment of `placement web`.

Flask, SQLAlchemy, one query, one template. No sign-in, rights, audit, language or frame.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import click
from flask import Flask
from sqlalchemy import create_engine, text

from placement.config import load_settings
from placement.services import attach
from placement.services.ports import HOST
from placement.services.web_server import WebServer

PEER = [__file__]
QUERY = text(
    "SELECT id, student_number, name, college, major FROM students"
    " WHERE class_year = 2016 ORDER BY id LIMIT 50"
)
PAGE = """<!DOCTYPE html><title>Students</title><table>{% for row in rows %}
<tr><th><a href="/students/{{ row.id }}">{{ row.name }}</a></th><td>{{ row.student_number }}</td>
<td>{{ row.college }}</td><td>{{ row.major }}</td></tr>{% endfor %}</table>"""


def bare(url: str) -> Flask:
    """An application of one page."""
    app = Flask(__name__)
    engine = create_engine(url)
    page = app.jinja_env.from_string(PAGE)

    @app.get("/")
    def students() -> str:
        with engine.connect() as connection:
            connection.execute(text("SELECT set_config('placement.scope', 'system', true)"))
            rows = connection.execute(QUERY).all()
        return page.render(rows=rows)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app


@click.command()
@click.option("--port", type=int, required=True)
def main(port: int) -> None:
    """Serve the page."""
    settings = load_settings()
    endpoints = attach(settings, watch=False)
    WebServer(lambda: bare(endpoints.database_url), settings, host=HOST, port=port).run()


if __name__ == "__main__":
    main()
