"""The macros that every page is made of: what is said, tied together and shown without colour."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

import placement
from placement.web.catalogues import RoomsDomain
from placement.web.filters import register_filters
from placement.web.pages import Page
from placement.web.patterns import init_patterns

TEMPLATES = Path(placement.__file__).parent.parent / "templates"


class WishForm(FlaskForm):
    """A form with one field of each shape."""

    name = StringField("Name", [InputRequired()], description="As on the card.")
    way = RadioField("Way", choices=[SelectChoice("a", "Call"), SelectChoice("b", "Visit")])
    needs = SelectMultipleField("Needs", choices=[SelectChoice("cv", "CV")])
    on = DateField("Day", [InputRequired()])
    agree = BooleanField("I agree")


@pytest.fixture
def site():
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.config.update(SECRET_KEY="macros", WTF_CSRF_CHECK_DEFAULT=False)
    Babel(app, default_locale="en").domain_instance = RoomsDomain()
    CSRFProtect(app)
    register_filters(app)
    init_patterns(app)
    app.add_url_rule("/list", "show_list", str)
    return app


@pytest.fixture
def render(site):
    def rendered(source, path="/list", **values):
        with site.test_request_context(path):
            return render_template_string(source, **values)

    return rendered


@pytest.fixture
def refused(site):
    """A form that was sent empty, on its page."""
    with site.test_request_context("/list", method="POST", data={"way": "a"}):
        form = WishForm(meta={"csrf": False})
        form.validate()
        yield form, lambda source: render_template_string(source, form=form)


def _text(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


FORMS = '{% from "_forms.html" import field, form_errors, post_button, confirm %}'


def test_field_is_tied_to_its_hint_and_error(refused):
    _form, show = refused

    html = show(FORMS + "{{ field(form.name) }}")

    assert 'for="name"' in html
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="name-hint"' in html
    assert 'id="name-error"' in html


def test_summary_leads_to_every_wrong_field(refused):
    form, show = refused

    html = show(FORMS + "{{ form_errors(form) }}{{ field(form.name) }}{{ field(form.on) }}")

    assert set(form.errors) == {"name", "on"}
    assert "2 entries need a correction" in html
    for target in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{target}"' in html


def test_form_without_errors_has_no_summary(render):
    assert render(FORMS + "{{ form_errors(form) }}", form={"errors": {}}).strip() == ""


def test_chips_are_radios_in_a_named_group_with_the_answer_ticked(refused):
    _form, show = refused

    html = show(FORMS + "{{ field(form.way) }}")

    assert re.search(r"<legend>\s*Way", html)
    assert len(re.findall(r'type="radio"', html)) == 2
    assert re.search(r'value="a"[^>]*checked', html)
    assert not re.search(r'value="b"[^>]*checked', html)


def test_optional_fields_say_so_and_needed_ones_do_not(refused):
    _form, show = refused

    assert "(optional)" in show(FORMS + "{{ field(form.needs) }}")
    assert "(optional)" not in show(FORMS + "{{ field(form.name) }}")


def test_draft_and_attributes_reach_the_control(refused):
    _form, show = refused

    html = show(FORMS + "{{ field(form.name, draft='note-1', rows=4) }}")

    assert 'data-draft="note-1"' in html
    assert 'rows="4"' in html


def test_one_act_is_a_post_with_its_token_and_fields(render):
    html = render(FORMS + "{{ post_button('Done', '/x', fields={'version': 3}, remove='row-1') }}")

    assert 'method="post"' in html
    assert re.search(r'name="csrf_token" value="[^"]+"', html)
    assert 'name="version" value="3"' in html
    assert 'data-remove="row-1"' in html


def test_confirm_page_asks_and_offers_the_way_back(render):
    html = render(FORMS + "{{ confirm('Undo import 7?', 'Undo it', '/undo', '/imports') }}")

    assert "<h1>Undo import 7?</h1>" in html
    assert "Undo it" in _text(html)
    assert 'href="/imports"' in html


PARTS = '{% from "_parts.html" import state, facts, masked, meter, chip, stepper, due_state %}'


@pytest.mark.parametrize("tone", ["due", "late", "good", "act", ""])
def test_state_has_a_sign_and_a_word_beside_its_colour(render, tone):
    html = render(PARTS + "{{ state('settled', tone) }}", tone=tone)

    assert "icons.svg#" in html
    assert _text(html) == "settled"


def test_unknown_fact_is_a_dash_with_its_reason(render):
    html = render(PARTS + "{{ facts([('Phone', none, 'not given'), ('Class', '2201')]) }}")

    assert "– not given" in _text(html)
    assert "2201" in html


def test_masked_value_names_what_it_would_show(render):
    html = render(PARTS + "{{ masked('138****5678', '/unmask', 'Mobile', post=true, swap='m') }}")

    assert 'aria-label="Show: Mobile"' in html
    assert 'id="m"' in html
    assert "csrf_token" in html


def test_standard_says_how_many_marks_are_met_and_names_each(render):
    marks = [
        {"label": "Conversation", "tone": "good", "detail": ""},
        {"label": "Fair", "tone": "late", "detail": "by 20 November"},
    ]

    html = render(PARTS + "{{ meter(marks) }}", marks=marks)

    assert "1 of 2 met" in _text(html)
    assert 'aria-label="mark missed"' in html
    assert "by 20 November" in html


def test_text_of_users_is_escaped(render):
    html = render(PARTS + "{{ chip(name, name) }}", name="<b>x</b>")

    assert "<b>" not in html


FIGURES = '{% from "_figures.html" import rate, rate_chart, segments, progress, tiles %}'


def test_rate_is_never_without_its_counts(render):
    html = render(FIGURES + "{{ rate(p, 32965, 34108, '/people') }}", p=Decimal("96.65"))

    assert _text(html) == "96.65 % ( 32,965 / 34,108)"
    assert 'href="/people"' in html


def test_rate_over_nobody_is_a_dash_and_a_reason(render):
    assert _text(render(FIGURES + "{{ rate(none, 0, 0) }}")) == "– nobody is counted"


def _row(percent):
    value = None if percent is None else Decimal(percent)
    return {"label": "Group", "percent": value, "placed": 1, "denominator": 2, "url": ""}


def test_chart_is_a_table_with_the_distance_to_all_graduates(render):
    html = render(
        FIGURES + "{{ rate_chart('Rates', rows, all) }}",
        rows=[_row("98.05"), _row("90.48"), _row(None)],
        all=Decimal("92.30"),
    )

    assert "<caption>" in html
    assert "+5.75" in html
    assert "\N{MINUS SIGN}1.82" in html
    assert 'width="98.05%"' in html
    assert "style=" not in html


def test_cut_axis_says_so_and_never_cuts_a_row_off(render):
    html = render(
        FIGURES + "{{ rate_chart('Rates', rows, all, low=90) }}",
        rows=[_row("98.05"), _row("71.20")],
        all=Decimal("92.30"),
    )

    assert "The axis begins at 70 %" in html


def test_chart_of_nobody_is_still_a_table(render):
    html = render(FIGURES + "{{ rate_chart('Rates', [row]) }}", row=_row(None))

    assert "nobody is counted" in html


def test_bar_of_states_leaves_out_what_has_nobody_and_names_it(render):
    html = render(
        FIGURES + "{{ segments(items, 'State') }}",
        items=[("Sent", 3, "1", ""), ("Failed", 0, "late", ""), ("Waiting", 1, "none", "")],
    )

    assert 'width="75.000%"' in html
    assert html.count("<title>") == 2
    assert "Failed" in html


def test_bar_of_states_of_an_empty_notice(render):
    html = render(FIGURES + "{{ segments([('Sent', 0, '1', '')], 'State') }}")

    assert "<title>" not in html


def test_progress_without_an_end_yet(render):
    html = render(FIGURES + "{{ progress(12, none, 'Reading') }}")

    assert "<progress" in html
    assert "max=" not in html


TABLES = '{% from "_tables.html" import data_table, cell, paging %}'


def test_table_has_a_caption_and_sorts_by_links_that_keep_the_filter(render):
    html = render(
        TABLES + "{% call data_table('People', columns, sort='name', export='/people.xlsx') %}"
        "<tbody><tr>{{ cell(none, 'Phone') }}</tr></tbody>{% endcall %}",
        path="/list?part=seeking&page=4",
        columns=[{"label": "Name", "sort": "name"}, {"label": "Phone"}],
    )

    assert "People" in html
    assert 'aria-sort="ascending"' in html
    assert 'href="/list?part=seeking&amp;sort=-name"' in html
    assert 'href="/people.xlsx"' in html
    assert 'data-label="Phone"' in html
    assert 'aria-label="not known"' in html


def test_paging_says_where_one_is_and_keeps_the_filter(render):
    page = Page(items=[None] * 50, number=2, size=50, total=34_267)

    html = render(TABLES + "{{ paging(page) }}", path="/list?part=seeking&page=2", page=page)

    assert "51–100 / 34,267" in html
    assert 'href="/list?part=seeking"' in html
    assert 'href="/list?part=seeking&amp;page=3"' in html


def test_single_page_has_nowhere_to_go(render):
    page = Page(items=[None] * 3, number=1, size=50, total=3)

    html = render(TABLES + "{{ paging(page) }}", page=page)

    assert "1–3 / 3" in html
    assert "<a" not in html
