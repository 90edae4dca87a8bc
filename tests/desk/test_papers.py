"""Official forms with one click."""

import io

from openpyxl import load_workbook

from placement import clock
from placement.accounts.queries import viewer_of
from placement.db import transaction
from placement.pairing.models import HelperKind
from placement.pairing.operations import pair_student
from placement.pairing.operations.pairing import Helper
from tests.factories import make_outcome


def test_ledger_has_everybody_with_what_was_done(browser, cast):
    make_outcome(cast.lin_mei)
    today = clock.today()
    helper = Helper(
        kind=HelperKind.LEADER, name="苏院长", plan="Visit", starts_on=today, ends_on=today
    )
    with transaction():
        pair_student(cast.case, actor=viewer_of(cast.chen), helper=helper)
    browser.sign_in(cast.zheng)

    response = browser.client.get("/ledger.xlsx?year=2016")

    cells = [c.value for row in load_workbook(io.BytesIO(response.data)).active for c in row]
    assert cast.case.closed_on is None
    assert {"林梅", "20120001", "签就业协议形式就业", "0/3", "苏院长"} <= set(cells)


def test_form_of_a_person_is_a_document(browser, cast):
    case_id = cast.case.id
    browser.sign_in(cast.chen)

    response = browser.client.get(f"/cases/{case_id}/form.pdf")

    assert response.data.startswith(b"%PDF-")
    assert "林梅" not in response.headers["Content-Disposition"]


def test_packet_goes_only_with_the_students_agreement(browser, cast):
    url = f"/cases/{cast.case.id}/packet.pdf"
    without = browser.sign_in(cast.chen).client.get(url)
    browser.sign_in(cast.lin_mei_user).submit("/my/consent", recipient="Employment service")

    agreed = browser.sign_in(cast.chen).client.get(url)

    assert without.location == f"/cases/{cast.case.id}"
    assert agreed.data.startswith(b"%PDF-")
