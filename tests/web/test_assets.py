"""Stylesheets and scripts travel compressed, and are asked for again only when they change."""

import gzip

import pytest
from flask import Flask, url_for
from flask_bootstrap import Bootstrap5

from placement.web.assets import init_assets

RULES = "a { color: teal }\n" * 200


@pytest.fixture
def site(tmp_path):
    (tmp_path / "style.css").write_text(RULES)
    (tmp_path / "small.css").write_text("a {}")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG" + bytes(4096))
    app = Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    init_assets(app)
    return app


def _address(site, filename, endpoint="static"):
    with site.test_request_context():
        return url_for(endpoint, filename=filename)


def _get(site, address, encoding="gzip"):
    headers = {"Accept-Encoding": encoding}
    return site.test_client().get(address, headers=headers, buffered=True)


def test_stylesheet_comes_compressed_and_whole(site):
    answer = _get(site, _address(site, "style.css"))

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).decode() == RULES
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_browser_that_cannot_unpack_gets_it_as_it_is(site):
    answer = _get(site, _address(site, "style.css"), encoding="identity")

    assert "Content-Encoding" not in answer.headers
    assert answer.text == RULES


@pytest.mark.parametrize("filename", ["small.css", "photo.png"])
def test_what_gains_nothing_is_not_compressed(site, filename):
    assert "Content-Encoding" not in _get(site, _address(site, filename)).headers


def test_address_names_the_content_and_is_kept_for_a_year(site):
    answer = _get(site, _address(site, "style.css"))

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_address_without_the_right_name_is_kept_for_a_day(site):
    assert _get(site, "/static/style.css?v=old").headers["Cache-Control"] == "public, max-age=86400"


def test_changed_file_has_a_new_address(site, tmp_path):
    before = _address(site, "style.css")

    (tmp_path / "style.css").write_text(RULES + "b {}")

    assert _address(site, "style.css") != before


def test_bootstrap_goes_over_the_line_below_forty_kilobytes(site):
    answer = _get(site, _address(site, "css/bootstrap.min.css", "bootstrap.static"))

    assert len(answer.data) < 40_000
    assert "immutable" in answer.headers["Cache-Control"]


def test_file_that_is_not_there_is_not_found(site):
    assert _get(site, "/static/nothing.css").status_code == 404
