"""What the two scripts do to a page, in a real browser and under the real security policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.small_site import SmallSite

pytestmark = pytest.mark.browser


@pytest.fixture
def site() -> Iterator[SmallSite]:
    with SmallSite() as running:
        yield running


@pytest.fixture
def page(chromium, site) -> Iterator[Page]:
    """A page of a fresh browser; whatever it complains about fails the test."""
    context = chromium.new_context(base_url=site.url)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if _is_policy(said) else None)
    yield opened
    context.close()
    assert complaints == []


def _is_policy(said):
    return said.type == "error" and "Content Security Policy" in said.text


def test_done_row_leaves_and_undo_brings_it_back(page, site):
    page.goto("/")

    page.get_by_role("button", name="Done Lin").click()

    expect(page.locator("#row-Lin")).to_have_count(0)
    expect(page.locator("#flashes")).to_contain_text("Lin is done.")
    assert site.names == ["Wang", "Zhao"]

    page.get_by_role("button", name="Undo").click()

    expect(page.locator("#row-Lin")).to_be_visible()


def test_counts_follow_and_the_next_ones_move_up_in_place(page):
    page.goto("/")
    page.locator("summary", has_text="Open Lin").click()
    page.get_by_label("Text").fill("Half a sentence")

    page.get_by_role("button", name="Done Wang").click()

    expect(page.locator("#waiting")).to_have_text("2 wait")
    expect(page.locator("#row-Zhao")).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value("Half a sentence")

    page.get_by_role("button", name="Undo").click()

    expect(page.locator("#waiting")).to_have_text("3 wait")
    expect(page.locator("#row-Zhao")).to_have_count(0)


def test_last_one_to_leave_gives_way_to_the_words_for_nobody(page, site):
    del site.names[1:]
    page.goto("/")

    page.get_by_role("button", name="Done Lin").click()

    expect(page.locator("#people")).to_have_text("Nobody waits.")
    expect(page.locator("#waiting")).to_have_text("0 wait")


def test_row_that_is_still_listed_after_the_act_stays(page, site):
    site.stays.add("Lin")
    page.goto("/")

    with page.expect_response("**/done/Lin"):
        page.get_by_role("button", name="Done Lin").click()

    expect(page.locator("#row-Lin a, #row-Lin button").first).to_be_focused()


def test_opening_a_row_fetches_its_form_and_puts_the_cursor_there(page):
    page.goto("/")

    page.locator("summary", has_text="Open Lin").click()

    expect(page.locator("#box-Lin-slot textarea")).to_be_focused()


def test_choosing_a_filter_changes_the_list_the_address_and_goes_back(page):
    page.goto("/")

    page.get_by_label("Part").select_option("b")

    expect(page.locator("#shown")).to_have_text("part b")
    expect(page).to_have_url("/?part=b")

    page.go_back()

    expect(page.locator("#shown")).to_have_text("part none")


def test_running_work_is_asked_for_until_it_is_done(page, site):
    page.goto("/work")

    expect(page.locator("#work")).to_have_text("step 3")
    expect(page.locator("#work[data-poll]")).to_have_count(0)
    assert site.steps == 3


def test_form_pressed_twice_is_sent_once(page, site):
    page.goto("/note?swap=1")
    page.get_by_label("Text").fill("Called her at noon.")

    page.locator("main form").evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")

    expect(page.locator("#flashes")).to_contain_text("Sent.")
    page.wait_for_load_state("networkidle")
    assert site.sent == ["Called her at noon."]


def test_refused_form_shows_its_errors_in_place(page):
    page.goto("/note?swap=1")
    page.get_by_label("Text").fill("No.")

    page.get_by_role("button", name="Send").click()

    expect(page.locator("#box-Lin-slot .form-errors")).to_be_focused()
    expect(page.get_by_label("Text")).to_have_value("No.")


def test_no_connection_is_told_and_loses_nothing(page):
    page.goto("/note?swap=1")
    page.get_by_label("Text").fill("Called her at noon.")
    page.context.set_offline(True)

    page.get_by_role("button", name="Send").click()

    expect(page.locator("#flashes")).to_contain_text("No connection")
    expect(page.get_by_label("Text")).to_have_value("Called her at noon.")


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_keys_lead_to_the_search(page, keys):
    page.goto("/")

    page.keyboard.press(keys)

    expect(page.locator("[data-search]")).to_be_focused()


def test_slash_in_a_text_stays_a_slash(page):
    page.goto("/note")
    page.get_by_label("Text").press_sequentially("and/or")

    expect(page.get_by_label("Text")).to_have_value("and/or")


def _write_draft(page, text):
    page.goto("/note")
    page.get_by_label("Text").fill(text)
    expect(page.locator("[data-draft-line]")).to_contain_text("Kept")


def test_draft_comes_back_without_id_numbers(page):
    _write_draft(page, "Her number is 35000020040517382X, call.")

    page.goto("/note")

    expect(page.get_by_label("Text")).to_have_value("Her number is ***, call.")
    expect(page.locator("[data-draft-line]")).to_contain_text("is back")


def test_discarded_draft_stays_away(page):
    _write_draft(page, "Not this.")
    page.goto("/note")

    page.get_by_role("button", name="Discard it").click()
    page.goto("/note")

    expect(page.get_by_label("Text")).to_have_value("")


def test_sent_text_is_no_draft_any_more(page, site):
    _write_draft(page, "Called her at noon.")

    page.get_by_role("button", name="Send").click()
    expect(page.locator("#flashes")).to_contain_text("Sent.")

    expect(page.get_by_label("Text")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_text_of_a_refused_form_is_still_a_draft(page):
    _write_draft(page, "No.")

    page.get_by_role("button", name="Send").click()
    expect(page.locator(".form-errors")).to_be_visible()
    page.goto("/note")

    expect(page.get_by_label("Text")).to_have_value("No.")


def test_signing_out_wipes_the_drafts(page):
    _write_draft(page, "Only mine.")

    page.get_by_text("Chen Jing").first.click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_text("signed out")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


def test_another_user_of_the_same_browser_never_sees_them(page, site):
    _write_draft(page, "Only mine.")

    site.user_id = 2
    page.goto("/note")

    expect(page.get_by_label("Text")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_draft_of_the_day_before_is_gone(page):
    _write_draft(page, "Old.")
    page.evaluate(
        "for (const key of Object.keys(localStorage)) {"
        " const draft = JSON.parse(localStorage[key]);"
        " draft.at -= 25 * 3600 * 1000; localStorage[key] = JSON.stringify(draft); }"
    )

    page.goto("/note")

    expect(page.get_by_label("Text")).to_have_value("")


def test_everything_works_without_script(chromium, site):
    context = chromium.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")

    page.get_by_role("button", name="Done Lin").click()
    expect(page.locator("#flashes")).to_contain_text("Lin is done.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#row-Lin")).to_be_visible()
    page.get_by_label("Part").select_option("a")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#shown")).to_have_text("part a")
    page.locator("summary", has_text="Open Lin").click()
    page.locator("#box-Lin-slot a").click()
    expect(page.get_by_label("Text")).to_be_visible()

    context.close()
