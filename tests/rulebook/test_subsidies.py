"""The province sets which subsidies there are, and confirms them for a year."""

import pytest

from placement import clock
from placement.cases.models import SubsidyClaim
from placement.db import db, transaction
from placement.rulebook.models import Rule
from placement.rulebook.queries import subsidies_on
from placement.students.models import Category
from tests.factories import make_member, save
from tests.rulebook.entries import (
    SERVICE,
    SUBSIDIES,
    day,
    guidance,
    look_and_do,
    search,
)


def test_subsidy_is_unconfirmed_until_the_province_says_so_for_the_year(browser, cast):
    year = clock.today().year
    with transaction():
        cast.lin_mei.class_year = year
        save(cast.lin_mei)
    make_member(cast.lin_mei, Category.FAMILY_HARDSHIP, hardship_class="low_income")
    change = f"{SUBSIDIES}/job_search/change"
    browser.sign_in(cast.huang)
    look_and_do(browser, change, **search(confirmed_for="", valid_from=day(-1)))
    unsure = browser.sign_in(cast.chen).get(f"/cases/{cast.case.id}/subsidies").text

    _seen, done = look_and_do(browser.sign_in(cast.huang), change, **search())
    sure = browser.sign_in(cast.chen).get(f"/cases/{cast.case.id}/subsidies").text

    assert done.status_code == 302
    assert f"not confirmed for {year}" in unsure
    assert "probably entitled" in sure
    assert "3,000 yuan" in sure
    assert "闽财社〔2026〕2号" in sure
    panel = sure.split("Subsidy for the search")[1].split("</section>")[0]
    assert "not confirmed" not in panel


def test_subsidy_for_fewer_says_who_loses_it(browser, cast):
    year = clock.today().year
    with transaction():
        cast.lin_mei.class_year = year
        save(cast.lin_mei)
    make_member(cast.lin_mei, Category.FAMILY_HARDSHIP, hardship_class="low_income")
    change = f"{SUBSIDIES}/job_search/change"
    browser.sign_in(cast.huang)
    look_and_do(browser, change, **search(valid_from=day(-1)))

    looked, done = look_and_do(browser, change, **search(classes=["disability"]))
    ended, _done = look_and_do(browser, f"{SUBSIDIES}/startup/end", last_on=day(0))

    assert "1 person stands otherwise" in looked.text
    assert done.status_code == 302
    assert subsidies_on(clock.today())[0].classes == ("disability",)
    assert "Nobody stands otherwise" in ended.text


def test_subsidy_with_steps_kept_is_ended_and_not_taken_back(browser, cast):
    browser.sign_in(cast.huang)
    _seen, done = look_and_do(browser, f"{SUBSIDIES}/new", **search(outcomes="75；76", zh="补贴"))
    rule = db.session.query(Rule).one()
    assert done.status_code == 302
    assert rule.content["outcomes"] == "75;76"
    browser.sign_in(cast.chen)
    save(
        SubsidyClaim(
            case_id=cast.case.id,
            student_id=cast.lin_mei.id,
            subsidy=rule.code,
            changed_by=cast.chen.id,
        )
    )

    refused = browser.sign_in(cast.huang).submit(f"/rules/{rule.id}/undo")

    assert refused.status_code == 422
    assert db.session.query(Rule).count() == 1


@pytest.mark.parametrize(
    ("path", "entered", "wrong", "said"),
    [
        pytest.param(SERVICE + "/guidance", guidance, {"source": ""}, "", id="no-source"),
        pytest.param(SERVICE + "/guidance", guidance, {"kinds": ["none"]}, "", id="no-such-kind"),
        pytest.param(
            SUBSIDIES + "/job_search", search, {"opens": "2-29"}, "as in 09-01", id="leap-day"
        ),
        pytest.param(
            SUBSIDIES + "/job_search",
            search,
            {"opens_year": "1"},
            "before it opens",
            id="backwards",
        ),
        pytest.param(
            SUBSIDIES + "/job_search", search, {"outcomes": "99"}, "no destination code", id="code"
        ),
    ],
)
def test_wrong_entry_is_refused_beside_its_field(browser, cast, path, entered, wrong, said):
    page = browser.sign_in(cast.huang).submit(f"{path}/change", act="look", **entered(**wrong))

    assert page.status_code == 422
    assert said in page.text
    assert db.session.query(Rule).count() == 0
