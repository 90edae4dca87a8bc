"""What each line of the list of today says, ready to be printed."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import Markup

from placement.desk.needs import Need
from placement.web.addresses import address, numbered
from placement.web.states import drawn_due

_REASON, _FURTHER = Markup("<span>{}</span>"), Markup('<span class="quiet">{}</span>')


def today_lines(
    needs: Iterable[Need], today: dt.date, *, page: int = 1, why: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """How to reach each person (`first`, `phone` or nothing), and the values of `today_line`.

    Each act leads back to page `page` of the list as narrowed by `why`.
    """
    here = {"page": page if page > 1 else None, "why": why or None}
    back = address("desk.today", **here)
    case_url, refer_url = (
        numbered("desk.show_case", "case_id"),
        numbered("desk.suggest_jobs", "case_id"),
    )
    off_url = numbered("desk.put_off_case", "case_id", **here)
    quick_url = numbered("cases.note_quickly", "case_id", next=back)
    for place, need in enumerate(needs):
        number, due = need.case.id, need.case.next_contact_on
        mobile = need.student.mobile
        reasons = [
            (_FURTHER if later else _REASON).format(text) for later, text in enumerate(need.reasons)
        ]
        if due is not None and due <= today:
            reasons.insert(0, drawn_due(due))
        yield (
            "" if not mobile else "phone" if place else "first",
            {
                "id": number,
                "name": need.student.name,
                "under": need.student.major or need.student.college or "",
                "why": Markup("\n").join(reasons),
                "mobile": mobile or "",
                "case_url": case_url(number),
                "refer_url": refer_url(number),
                "off_url": off_url(number),
                "quick_url": quick_url(number),
            },
        )
