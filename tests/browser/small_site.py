"""A site of a few pages on the real frame, macros and scripts, to try what the scripts do."""

import datetime as dt
import threading
from pathlib import Path
from types import SimpleNamespace

from flask import Blueprint, Flask, Response, flash, redirect, render_template_string, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.serving import make_server
from wtforms import Form, TextAreaField
from wtforms.validators import Length

import placement
from placement.desk.places import Place
from placement.web.assets import init_assets
from placement.web.catalogues import RoomsDomain
from placement.web.filters import register_filters
from placement.web.headers import CONTENT_SECURITY_POLICY
from placement.web.patterns import init_patterns

STATIC = Path(placement.__file__).parent / "static"
TEMPLATES = STATIC.parent.parent / "templates"

_PAGE = """{% extends "base.html" %}
{% from "_forms.html" import post_button, csrf, button, field %}
{% from "_filters.html" import filters, filter_select %}
{% from "_parts.html" import page_head, unfold %}
{% block title %}Small{% endblock %}
{% block main %}{BODY}{% endblock %}"""

_LIST = """
{{ page_head('Small', '%d wait' % names|length, follow='waiting') }}
<div id="people" data-list>
  {% if names %}
    <ul id="rows">
      {% for name in names[:2] %}
        <li id="row-{{ name }}">{{ name }}
          {{ post_button('Done ' ~ name, '/done/' ~ name, remove='row-' ~ name) }}
          {{ unfold('Open ' ~ name, 'box-' ~ name, load='/note') }}
        </li>
      {% endfor %}
    </ul>
  {% else %}
    <p>Nobody waits.</p>
  {% endif %}
</div>
{% set part = request.args.get('part', '') %}
{% call filters(swap='shown') %}
  {{ filter_select('part', 'Part', [('a', 'A'), ('b', 'B')], part) }}
{% endcall %}
<div id="shown">part {{ part or 'none' }}</div>
"""
_NOTE = """
<h1>Note</h1>
<div id="box-Lin-slot">
  <form method="post"
        action="/note"
        novalidate
        {% if request.args.get('swap') %}data-swap="box-Lin-slot"{% endif %}>
    {{ csrf() }}
    {% if form.errors %}
      <div class="flash late form-errors" tabindex="-1" data-focus>Too short.</div>
    {% endif %}
    <input type="hidden" name="method" value="call">
    {{ field(form.text, draft='note-7') }}
    {{ button('Send') }}
  </form>
</div>
"""
_WORK = """
<h1>Work</h1>
<div id="work" {% if done < 3 %}data-poll="/work" data-every="0.2"{% endif %}>step {{ done }}</div>
"""


_DESK = (("desk", "search"), ("desk", "suggest"), ("desk", "account"))


class NoteForm(Form):
    """A note of at least five characters."""

    text = TextAreaField("Text", [Length(min=5)])


class SmallSite:
    """The site on a free port of this machine; counts what it was asked."""

    def __init__(self) -> None:
        self.names = ["Lin", "Wang", "Zhao"]
        self.stays: set[str] = set()
        self.sent: list[str] = []
        self.steps = 0
        self.user_id = 1
        self.app = _application(self)
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> "SmallSite":
        """Serve."""
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _application(site: SmallSite) -> Flask:
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.static_folder = str(STATIC)
    app.config.update(SECRET_KEY="small", BOOTSTRAP_SERVE_LOCAL=True)
    Babel(app, default_locale="en").domain_instance = RoomsDomain()
    Bootstrap5(app)
    CSRFProtect(app)
    init_assets(app)
    register_filters(app)
    init_patterns(app)
    app.after_request(_with_policy)
    app.context_processor(lambda: _frame(site))
    for room, view in (("accounts", "set_language"), ("accounts", "sign_out"), *_DESK):
        blueprint = app.blueprints.get(room) or Blueprint(room, __name__)
        if room not in app.blueprints:
            app.register_blueprint(blueprint)
        app.add_url_rule(f"/{view}", f"{room}.{view}", _goodbye, methods=["GET", "POST"])
    _list_pages(app, site)
    _other_pages(app, site)
    return app


def _with_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def _frame(site: SmallSite) -> dict[str, object]:
    place = Place(label="Today", url="/", icon="today", count=2, current=True)
    viewer = SimpleNamespace(
        role="counselor", display_name="Chen Jing", university_name="A", user_id=site.user_id
    )
    today = dt.date(2026, 11, 24)
    return {"viewer": viewer, "places": (place,), "locale": "en", "today": today}


def _goodbye() -> str:
    return "<p>signed out</p>"


def _show(body: str, **values: object) -> str:
    return render_template_string(_PAGE.replace("{BODY}", body), **values)


def _list_pages(app: Flask, site: SmallSite) -> None:
    @app.get("/")
    def show_list() -> str:
        return _show(_LIST, names=site.names)

    @app.post("/done/<name>")
    def finish(name: str) -> object:
        if name in site.stays:
            return redirect("/")
        site.names.remove(name)
        undo = {"text": f"{name} is done.", "undo": f"/undo/{name}", "swap": "people"}
        flash(undo, "success")  # type: ignore[arg-type] # a mapping, as the frame shows it
        return redirect("/")

    @app.post("/undo/<name>")
    def undo(name: str) -> object:
        site.names.insert(0, name)
        return redirect("/")


def _other_pages(app: Flask, site: SmallSite) -> None:
    @app.get("/note")
    def show_note() -> str:
        return _show(_NOTE, form=NoteForm())

    @app.post("/note")
    def send_note() -> object:
        form = NoteForm(request.form)
        if not form.validate():
            return _show(_NOTE, form=form), 422
        site.sent.append(str(form.text.data))
        flash("Sent.", "success")
        return redirect("/note")

    @app.get("/work")
    def show_work() -> str:
        site.steps += 1
        return _show(_WORK, done=site.steps)
