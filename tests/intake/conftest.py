"""Fixtures of the pages of imports."""

import pytest
from sqlalchemy import select

from placement.db import db
from placement.intake.models import Import
from tests.intake.pages import (
    WRONG_SEX,
    know_both,
    send_file,
    work_off,
)
from tests.intake.people import student
from tests.intake.taking import file_of, take_students


@pytest.fixture
def previewed(browser, cast, sent_jobs) -> Import:
    """A file that was checked for Ms Zheng: one new, one changed, one unchanged, one wrong."""
    know_both(cast)
    take_students(student(1, name="甲甲", college="文学院"), student(3, name="丙丙"))
    rows = [
        student(1, name="甲甲", college="理学院") | {"宿舍": "3-201"},
        student(3, name="丙丙") | {"宿舍": "3-202"},
        student(5, name="戊戊") | {"宿舍": "3-203"},
        WRONG_SEX | {"宿舍": "3-204"},
    ]
    send_file(browser.sign_in(cast.zheng), file_of(*rows), name="毕业生.csv")
    work_off(sent_jobs)
    return db.session.execute(select(Import).order_by(Import.id.desc())).scalars().first()
