"""`placement users …`: accounts and invitations."""

from pathlib import Path

import click

from placement.accounts.models import Role
from placement.accounts.operations import add_user
from placement.accounts.operations.addresses import give_address
from placement.accounts.queries import university_by_code
from placement.cli.groups import Commands
from placement.cli.output import FORMAT
from placement.cli.session import command_session, echo_json, note
from placement.db import transaction
from placement.desk.invitations import invite_students, mail_invitations, sheet_of
from placement.errors import InvalidValueError
from placement.students.queries import student_by_number


@click.group(cls=Commands)
def users() -> None:
    """Make accounts and invite students."""


@users.command("add")
@click.argument("username")
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What the account may do.",
)
@click.option("--university", "code", help="The university's code.")
@click.option("--student", "number", help="The student's number, for a student account.")
@click.option("--college", "colleges", multiple=True, help="Narrow to a college; repeatable.")
@click.option("--name", help="How the person is called.")
@click.option("--email", help="The mail address of a member of staff, who has to confirm it.")
@FORMAT
def add(
    *,
    username: str,
    role: str,
    code: str | None,
    number: str | None,
    colleges: tuple[str, ...],
    name: str | None,
    email: str | None,
    form: str,
) -> None:
    """Make an account; prints its one-time password, which must be changed at first use."""
    with command_session("users add"):
        university = university_by_code(code) if code else None
        if number and university is None:
            raise InvalidValueError("A student account needs --university.")
        if email and number:
            raise InvalidValueError("A student's address stands in the student's file.")
        student = student_by_number(number, university) if number and university else None
        with transaction():
            user, password = add_user(
                username,
                role=Role(role),
                display_name=name or (student.name if student else None),
                university_id=university.id if university else None,
                colleges=colleges,
                student_id=student.id if student else None,
            )
            if email:
                give_address(user, email, actor_id=None)
        answer = {"user_id": user.id, "username": user.username, "password": password}
    if form == "json":
        echo_json(answer)
    else:
        click.echo(f"{answer['username']}: one-time password {answer['password']}")


@users.command("invite")
@click.option(
    "--class-year", required=True, type=int, help="The register whose students are invited."
)
@click.option("--university", "code", help="Only this university.")
@click.option(
    "--role",
    type=click.Choice(["student"]),
    default="student",
    show_default=True,
    help="Whom to invite.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a printable sheet by class instead of sending mails.",
)
@FORMAT
def invite(class_year: int, code: str | None, role: str, out: Path | None, form: str) -> None:
    """Give every student of a register an activation code, by mail or on a printable sheet."""
    with command_session(f"users invite {role}") as app:
        settings = app.config["SETTINGS"]
        university_id = university_by_code(code).id if code else None
        with transaction():
            invitations = invite_students(
                class_year=class_year, university_id=university_id, actor=None
            )
            sent = None
            if out is None:
                sent = mail_invitations(invitations, class_year=class_year, settings=settings)
            else:
                _write_sheet(out, sheet_of(invitations, base_url=settings.base_url))
        answer = {
            "invited": len(invitations),
            "notice_id": sent.notice_id if sent else None,
            "deliveries": sent.deliveries if sent else {},
        }
    if form == "json":
        echo_json(answer)
    else:
        click.echo(f"{answer['invited']:,} invited.")


def _write_sheet(out: Path, page: str) -> None:
    out.touch(mode=0o600)
    out.write_text(page, encoding="utf-8")
    note(f"The sheet lies in {out}; it opens accounts, so keep it as you would keys.")


commands: list[click.Command] = [users]
