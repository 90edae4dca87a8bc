"""`placement fairs …`: find and make fairs."""

import datetime as dt

import click
from sqlalchemy import select

from placement.cli.groups import Commands
from placement.cli.output import FORMAT
from placement.cli.session import command_session, echo_json
from placement.db import db, transaction
from placement.fairs.models import Fair
from placement.fairs.operations import FairPlan, add_fair

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(cls=Commands)
def fairs() -> None:
    """Find and make job fairs."""


@fairs.command("list")
@FORMAT
def list_fairs(form: str) -> None:
    """List all fairs by day."""
    with command_session("fairs list"):
        found = db.session.execute(select(Fair).order_by(Fair.on, Fair.id)).scalars()
        rows = [
            {
                "fair_id": fair.id,
                "title": fair.title,
                "on": fair.on.isoformat(),
                "place": fair.place,
                "class_year": fair.class_year,
            }
            for fair in found
        ]
    if form == "json":
        echo_json({"fairs": rows})
        return
    for row in rows:
        click.echo(f"{row['fair_id']}  {row['on']}  {row['title']}, {row['place']}")


@fairs.command("add")
@click.option("--title", required=True, help="What it is called.")
@click.option("--on", "day", required=True, type=DAY, help="The day, such as 2026-12-05.")
@click.option("--place", required=True, help="Where it takes place.")
@click.option("--class-year", type=int, help="The register it is for; without it, all.")
@FORMAT
def add(title: str, day: dt.datetime, place: str, class_year: int | None, form: str) -> None:
    """Make a fair."""
    with command_session("fairs add"):
        plan = FairPlan(title=title, on=day.date(), place=place, class_year=class_year)
        with transaction():
            fair = add_fair(plan, actor=None)
            db.session.flush()
            answer = {"fair_id": fair.id}
    if form == "json":
        echo_json(answer)
    else:
        click.echo(f"Fair {answer['fair_id']} is planned.")


commands: list[click.Command] = [fairs]
