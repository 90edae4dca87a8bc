"""The places of each role: the pages that the frame leads to, the daily ones first."""

import functools
from dataclasses import dataclass

from flask import current_app, request
from flask_babel import get_locale, lazy_gettext

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


_WITHIN = (
    ("/my/", "desk.my_plan"),
    ("/my/jobs", "desk.my_jobs"),
    ("/my/wishes", "desk.my_jobs"),
    ("/my/fairs", "desk.my_fairs"),
    ("/fairs", "desk.my_fairs"),
    ("/inbox", "notices.inbox"),
    ("/my/outcome", "desk.me"),
    ("/outcomes", "desk.me"),
    ("/password", "desk.me"),
    ("/reports/published", "desk.me"),
    ("/cases", "desk.list_students"),
    ("/students", "desk.list_students"),
    ("/search", "desk.list_students"),
    ("/helpers", "desk.list_students"),
    ("/cases/group-talk", "desk.today"),
    ("/jobs", "jobs.list_postings"),
    ("/fairs", "fairs.list_fairs"),
    ("/outcomes", "outcomes.list_outcomes"),
    ("/outcomes", "desk.list_students"),
    ("/outcomes/minimum-wages", "desk.settings"),
    ("/reports", "reports.rates"),
    ("/responsibility", "responsibility.show"),
    ("/overview", "desk.overview"),
    ("/ledger", "desk.overview"),
    ("/cases/closings", "desk.overview"),
    ("/cases/approvals", "desk.overview"),
    ("/imports", "intake.list_imports"),
    ("/notices", "notices.list_notices"),
    ("/accounts", "desk.settings"),
    ("/settings", "desk.settings"),
    ("/vocabulary", "desk.settings"),
    ("/rules", "desk.settings"),
)
"""Under which place an address stands: of the role's own, the longest beginning, then the first."""


def place_of(role: Role, endpoint: str | None, path: str) -> str | None:
    """The place of a role that a page belongs to, none for one that belongs to nowhere."""
    own = {place for _label, place, _icon in _PLACES[role]}
    if endpoint in own:
        return endpoint
    found = [way for way in _WITHIN if way[1] in own and path.startswith(way[0])]
    return max(found, key=lambda way: len(way[0]))[1] if found else None


def places_of(viewer: Viewer) -> tuple[Place, ...]:
    """The places of a viewer, the one of this request marked."""
    # Found once for each page and language: every page has them, and they are the same for all.
    return _places(
        viewer.role,
        place_of(viewer.role, request.endpoint, request.path),
        frozenset(current_app.view_functions),
        (request.script_root, str(get_locale())),
    )


@functools.lru_cache(maxsize=1024)
def _places(
    role: Role, here: str | None, views: frozenset[str], _place: object
) -> tuple[Place, ...]:
    return tuple(
        Place(
            label=str(label),
            url=address(endpoint),
            icon=icon,
            current=here == endpoint,
            minor=number >= DAILY,
        )
        for number, (label, endpoint, icon) in enumerate(_PLACES[role])
        if endpoint in views
    )
