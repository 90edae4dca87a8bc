"""`placement report …`: figures, the people behind them, and why."""

import click

from placement.cli.comparing import compare
from placement.cli.groups import Commands
from placement.cli.report.explaining import explain
from placement.cli.report.figures import people, rates
from placement.cli.report.keeping import facts


@click.group(cls=Commands)
def report() -> None:
    """Answer with rates, the people behind them, why they count so, and why figures differ."""


for command in (rates, people, explain, compare, facts):
    report.add_command(command)

commands: list[click.Command] = [report]
