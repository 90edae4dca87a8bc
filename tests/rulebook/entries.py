"""What an administrator of the province types into the rulebook."""

import datetime as dt

from placement import clock

SERVICE = "/rules/service_standards"
CONTACTS = "/rules/contact_intervals"
SUBSIDIES = "/rules/subsidies"


def day(number: int) -> str:
    return (clock.today() + dt.timedelta(days=number)).isoformat()


def guidance(**other):
    entry = {
        "zh": "职业指导",
        "en": "Career guidance",
        "kinds": ["guidance"],
        "needed": "1",
        "within_days": "180",
        "valid_from": day(0),
        "source": "闽人社〔2026〕1号",
    }
    return entry | other


def usual(**other):
    entry = {
        "zh": "平时",
        "en": "Usually",
        "days": "30",
        "from_month": "1",
        "to_month": "12",
        "valid_from": day(0),
        "source": "闽人社〔2026〕1号",
    }
    return entry | other


def search(**other):
    entry = {
        "zh": "求职创业补贴",
        "en": "Subsidy for the search for work",
        "amount": "3000",
        "classes": ["low_income"],
        "outcomes": "",
        "opens": "1-1",
        "opens_year": "0",
        "closes": "12-31",
        "closes_year": "0",
        "papers": ["application"],
        "where_zh": "学校",
        "where_en": "",
        "also_zh": "",
        "also_en": "",
        "confirmed_for": str(clock.today().year),
        "valid_from": day(0),
        "source": "闽财社〔2026〕2号",
    }
    return entry | other


def look_and_do(browser, path: str, **entry):
    """Look at whom it touches, then do it; both pages."""
    seen = browser.submit(path, act="look", **entry)
    if seen.status_code != 200:
        return seen, None
    digest = seen.text.split('name="digest"')[1].split('value="')[1].split('"')[0]
    return seen, browser.submit(path, act="do", digest=digest, **entry)
