"""A student who changes class and college takes the case along; the scope follows them."""

from placement.accounts.models import Role
from placement.db import db
from tests.factories import make_user


def test_case_follows_its_student_to_another_college(browser, cast):
    before, after = (
        make_user(Role.UNIVERSITY, cast.university, colleges=[name])
        for name in ("文学院", "理学院")
    )
    path, student = f"/cases/{cast.case.id}", cast.lin_mei
    student.college, student.class_name = "文学院", "中文1班"
    db.session.commit()
    first = [browser.sign_in(clerk).get(path).status_code for clerk in (before, after)]

    student.college, student.class_name = "理学院", "物理2班"
    db.session.commit()
    then = [browser.sign_in(clerk).get(path).status_code for clerk in (before, after)]

    assert (first, then) == ([200, 404], [404, 200])
    page = browser.sign_in(cast.chen).get(path)
    assert page.status_code == 200, "the counselor keeps whom they hold"
    assert "物理2班" in page.text
    assert "林梅" in browser.sign_in(after).get("/students").text
    assert "林梅" not in browser.sign_in(before).get("/students").text
