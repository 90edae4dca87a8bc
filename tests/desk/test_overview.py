"""The administrators' overview."""


def test_university_without_a_register_sees_what_to_do(browser, cast):
    page = browser.sign_in(cast.xu).get("/overview")

    assert page.status_code == 200
    assert "No register for this class yet." in page.text
