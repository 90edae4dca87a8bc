"""Parts of a page that are written once and filled: what they give, and when they are made anew."""

import pytest
from flask import Flask, get_template_attribute
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import DictLoader
from markupsafe import Markup

from placement.web.assets import init_assets
from placement.web.patterns import init_patterns, kept, kept_lines

LINES = """{% macro line(bold, name, url) -%}
<li>{% if bold %}<b>{% endif %}<a href="{{ url }}">{{ name }}</a> 100% {{ made() }}</li>
{%- endmacro %}
{% macro form(name) %}<form>{{ csrf_token() }} {{ name }}</form>{% endmacro %}"""


@pytest.fixture
def site():
    made = []
    app = Flask(__name__)
    app.config["language"] = "en"
    app.config["SECRET_KEY"] = "test"
    CSRFProtect(app)
    Babel(app, locale_selector=lambda: app.config["language"])
    init_assets(app)
    init_patterns(app)
    app.jinja_env.loader = DictLoader({"lines.html": LINES})
    app.jinja_env.globals["made"] = lambda: made.append(1) or len(made)
    app.made = made
    return app


def test_values_are_printed_as_the_macro_would_print_them(site):
    with site.test_request_context():
        line = get_template_attribute("lines.html", "line")
        person = {"name": "<Lin> [[url]] %s", "url": Markup("/1?a=1&amp;b=2")}

        assert kept(line, False, **person) == (
            '<li><a href="/1?a=1&amp;b=2">&lt;Lin&gt; [[url]] %s</a> 100% 1</li>'
        )


def test_macro_is_called_once_for_each_key_however_many_lines(site):
    with site.test_request_context():
        line = get_template_attribute("lines.html", "line")
        people = [{"name": name, "url": f"/{name}"} for name in "abc"]
        plain = kept_lines(line, people, False)
        kept_lines(line, people, False)
        bold = kept_lines(line, people, True)

    assert plain.count("<li>") == 3
    assert "<b>" not in plain
    assert bold.count("<b>") == 3
    assert len(site.made) == 2


def test_macro_is_called_anew_in_another_language(site):
    for language, number in (("en", 1), ("zh_Hans_CN", 2), ("en", 1)):
        site.config["language"] = language
        with site.test_request_context():
            line = get_template_attribute("lines.html", "line")

            assert f"100% {number}<" in kept(line, False, name="a", url="b")


def test_nothing_is_written_for_no_lines(site):
    with site.test_request_context():
        assert kept_lines(get_template_attribute("lines.html", "line"), [], False) == ""


def test_token_of_one_request_is_never_kept(site):
    with site.test_request_context():
        form = get_template_attribute("lines.html", "form")

        with pytest.raises(RuntimeError, match="token"):
            kept(form, name="a")
