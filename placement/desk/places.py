"""The places of each role: the pages that the frame leads to, the daily ones first."""

from dataclasses import dataclass

from flask import current_app, request
from flask_babel import lazy_gettext

from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.web.addresses import address


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the left column, or of the bottom bar on a phone."""

    label: str
    url: str
    icon: str
    current: bool
    minor: bool = False
    """Needed now and then: stands below the daily ones, on a phone under 'More'."""
    count: int | None = None


_PLACES = {
    Role.COUNSELOR: (
        (lazy_gettext("Today"), "desk.today", "today"),
        (lazy_gettext("Students"), "desk.list_students", "students"),
        (lazy_gettext("Jobs"), "jobs.list_postings", "jobs"),
        (lazy_gettext("Fairs"), "fairs.list_fairs", "fairs"),
        (lazy_gettext("Outcomes"), "outcomes.list_outcomes", "outcomes"),
        (lazy_gettext("Figures"), "reports.rates", "figures"),
        (lazy_gettext("Service given"), "desk.service", "check"),
        (lazy_gettext("Caseload"), "responsibility.show", "person-check"),
    ),
    Role.STUDENT: (
        (lazy_gettext("My plan"), "desk.my_plan", "plan"),
        (lazy_gettext("Jobs"), "desk.my_jobs", "jobs"),
        (lazy_gettext("Fairs"), "desk.my_fairs", "fairs"),
        (lazy_gettext("Messages"), "notices.inbox", "messages"),
        (lazy_gettext("Me"), "desk.me", "me"),
    ),
    Role.UNIVERSITY: (
        (lazy_gettext("Overview"), "desk.overview", "overview"),
        (lazy_gettext("Students"), "desk.list_students", "students"),
        (lazy_gettext("Imports"), "intake.list_imports", "imports"),
        (lazy_gettext("Verification"), "outcomes.list_outcomes", "verification"),
        (lazy_gettext("Notices"), "notices.list_notices", "notices"),
        (lazy_gettext("Figures"), "reports.rates", "figures"),
        (lazy_gettext("Fairs"), "fairs.list_fairs", "fairs"),
        (lazy_gettext("Jobs"), "jobs.list_postings", "jobs"),
        (lazy_gettext("Service given"), "desk.service", "check"),
        (lazy_gettext("Who is responsible"), "responsibility.show", "person-check"),
        (lazy_gettext("Settings"), "desk.settings", "settings"),
    ),
    Role.PROVINCE: (
        (lazy_gettext("Overview"), "desk.overview", "overview"),
        (lazy_gettext("Figures"), "reports.rates", "figures"),
        (lazy_gettext("Lists"), "intake.list_imports", "lists"),
        (lazy_gettext("Notices"), "notices.list_notices", "notices"),
        (lazy_gettext("Inspection"), "desk.audit", "inspection"),
        (lazy_gettext("Settings"), "desk.settings", "settings"),
        (lazy_gettext("Students"), "desk.list_students", "students"),
        (lazy_gettext("Fairs"), "fairs.list_fairs", "fairs"),
        (lazy_gettext("Jobs"), "jobs.list_postings", "jobs"),
        (lazy_gettext("Service given"), "desk.service", "check"),
    ),
}
DAILY = 6


_WITHIN = {"snapshots": "reports", "schedules": "reports"}
"""Rooms whose pages belong to the place of another."""


def places_of(viewer: Viewer) -> tuple[Place, ...]:
    """The places of a viewer, the one of this request marked."""
    blueprint = str(request.endpoint).partition(".")[0]
    blueprint = _WITHIN.get(blueprint, blueprint)
    return tuple(
        Place(
            label=str(label),
            url=address(endpoint),
            icon=icon,
            current=request.endpoint == endpoint
            or (blueprint != "desk" and endpoint.startswith(f"{blueprint}.")),
            minor=number >= DAILY,
        )
        for number, (label, endpoint, icon) in enumerate(_PLACES[viewer.role])
        if endpoint in current_app.view_functions
    )
