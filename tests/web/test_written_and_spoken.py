"""How counts are written and buttons are called, on every page alike."""

import pytest
from flask import render_template_string
from flask_babel import force_locale

BUTTON = "{% from '_forms.html' import link_button %}{{ link_button('Call', '/', label=label) }}"
COUNT = "{{ ngettext('%(num)d person', '%(num)d people', 34267) }}"


@pytest.fixture
def rendered(app):
    def render(source, **values):
        with app.test_request_context("/"), force_locale("en"):
            return render_template_string(source, **values)

    return render


def test_count_has_thousands_separators(rendered):
    assert rendered(COUNT) == "34,267 people"


@pytest.mark.parametrize(
    ("label", "spoken"),
    [
        pytest.param("Ring Lin Mei", "Call: Ring Lin Mei", id="other-words"),
        pytest.param("Call Lin Mei", "Call Lin Mei", id="same-words"),
    ],
)
def test_button_is_called_by_what_is_written_on_it(rendered, label, spoken):
    assert f'aria-label="{spoken}"' in rendered(BUTTON, label=label)


@pytest.mark.parametrize(
    ("came_from", "offered"),
    [
        pytest.param("http://localhost/jobs?q=a", True, id="a-page-of-ours"),
        pytest.param("http://elsewhere.example/jobs", False, id="a-stranger"),
        pytest.param("", False, id="nowhere"),
    ],
)
def test_error_page_leads_back_to_where_one_was(app, came_from, offered):
    page = app.test_client().get("/help/nonsense", headers={"Referer": came_from})

    assert page.status_code == 404
    assert (f'href="{came_from}"' in page.text and bool(came_from)) is offered
