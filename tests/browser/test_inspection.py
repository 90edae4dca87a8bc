"""The inspection of pages finds what it is there to find."""

import pytest

from tests.browser.screen import faults_of

pytestmark = pytest.mark.browser

FINE = """<!DOCTYPE html><html lang="zh-Hans-CN"><head><title>今日</title></head><body><main>
<h1>今日</h1><label for="name">姓名</label><input id="name">{}</main></body></html>"""


def test_a_page_that_has_everything_passes(chromium):
    page = chromium.new_page()
    page.set_content(FINE.format(""))

    assert faults_of(page, phone=False) == []
    page.close()


@pytest.mark.parametrize(
    ("piece", "fault"),
    [
        pytest.param("<h1>再一个</h1>", "2 h1", id="two-headings"),
        pytest.param("<h3>太深</h3>", "heading skips a level", id="level-left-out"),
        pytest.param("<input id='bare'>", "without a name", id="field-without-label"),
        pytest.param("<button></button>", "without a name", id="button-without-words"),
        pytest.param("<label for='gone'>电话</label>", "for leads nowhere", id="label-of-nothing"),
        pytest.param("<p id='name'></p>", "ids twice", id="two-of-one-id"),
        pytest.param("<img src='data:,'>", "without alt", id="picture-without-alt"),
        pytest.param("<table><tr><td>1</td></tr></table>", "without caption", id="bare-table"),
        pytest.param("<p style='color: #aaa'>太淡</p>", "contrast 2.32", id="too-pale"),
        pytest.param("<p style='width: 3000px'>宽</p>", "scrolls sideways", id="too-wide"),
        pytest.param("<a class='btn' href='/'>小</a>", "too small for a thumb", id="too-small"),
    ],
)
def test_a_fault_is_found(chromium, piece, fault):
    page = chromium.new_page()
    page.set_content(FINE.format(piece))

    found = faults_of(page, phone="thumb" in fault)

    assert len(found) == 1
    assert fault in found[0]
    page.close()
