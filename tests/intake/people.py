"""Rows of students for the tests, with ID numbers that are nobody's."""

from placement.intake.checks import Checked, Options, check_table
from placement.intake.checks.identity import check_digit
from tests.intake.files import table

UNIVERSITIES = {"90001": "示例大学", "90002": "示例职业学院"}
HEADINGS = {
    "student_number": "学号",
    "name": "姓名",
    "id_number": "身份证号",
    "id_type": "证件类型",
    "sex": "性别代码",
    "ethnic_group": "民族代码",
    "university": "院校代码",
    "university_name": "院校名称",
    "level": "学历代码",
    "college": "所在院系",
    "origin_division": "生源地",
    "origin": "城乡生源",
    "hardship_code": "困难生类别",
    "standing": "学籍状态",
    "standing_on": "学籍变动日期",
    "mobile": "手机",
    "email": "邮箱",
}


def id_number(
    serial: int = 1, *, male: bool = True, birth: str = "19930304", place: str = "350000"
):
    """Return a resident number with a right check digit; `serial` tells people apart."""
    number = f"{place}{birth}{serial % 100:02}{serial // 100 % 5 * 2 + male}"
    return number + check_digit(number)


def student(serial: int = 1, **changes: object) -> dict[str, object]:
    """Return a good row of a student as a dict of columns, with `changes`."""
    male = serial % 2 == 1
    row: dict[str, object] = {
        "student_number": f"2012{serial:04}",
        "name": "吴建国" if male else "林梅",
        "id_number": id_number(serial, male=male),
        "sex": "1" if male else "2",
        "ethnic_group": "01",
        "university": "90001",
        "level": "31",
    }
    return row | changes


def check_students(*rows: dict[str, object], **options: object) -> Checked:
    """Check a students' file with these rows."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [
        [HEADINGS[name] for name in names],
        *([row.get(name) for name in names] for row in rows),
    ]
    return check_table(
        table("students", cells), Options(class_year=2016, universities=UNIVERSITIES, **options)
    )


def problems(checked: Checked) -> list[tuple[int, str, str]]:
    """Return row, column and code of every problem."""
    return [(problem.row, problem.column, problem.code) for problem in checked.errors]
