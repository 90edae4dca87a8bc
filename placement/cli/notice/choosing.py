"""The options by which a command chooses an audience, shared by sending and drafting."""

from collections.abc import Callable, Mapping
from typing import Any

import click
from sqlalchemy import select

from placement.accounts.models import University
from placement.accounts.queries import university_by_code
from placement.accounts.viewer import Viewer
from placement.db import db
from placement.errors import InvalidValueError, NotVisibleError
from placement.fairs.audience import Audience, Exclusions
from placement.fairs.models import Fair
from placement.fairs.operations.reminding import LONGEST_DAYS
from placement.fairs.queries import visible_fairs
from placement.notices.models import Channel
from placement.reference import categories, destinations, levels
from placement.students.models import Category, Student

REMIND = click.option(
    "--remind-after",
    type=click.IntRange(1, LONGEST_DAYS),
    help="So many days later remind, once, who has neither answered nor found a place.",
)
_OPTIONS = (
    click.option("--fair", "fair_id", required=True, type=int, help="The fair to announce."),
    click.option("--category", "categories", multiple=True, help="A category; repeatable."),
    click.option("--university", "codes", multiple=True, help="A university's code; repeatable."),
    click.option("--level", "levels", multiple=True, help="A level of education; repeatable."),
    click.option("--part", "parts", multiple=True, help="A part of the rate, such as seeking."),
    click.option("--without-answered", is_flag=True, help="Leave out who has answered."),
    click.option("--without-placed", is_flag=True, help="Leave out who has found a place."),
    click.option(
        "--without-opted-out", is_flag=True, help="Leave out who wants no such mail or SMS."
    ),
    click.option(
        "--without-contacted",
        "contacted_days",
        type=click.IntRange(1, 365),
        help="Leave out whom we have written to in so many days.",
    ),
    click.option(
        "--without",
        "named",
        multiple=True,
        help="Leave out a person: university code/student number; repeatable.",
    ),
    click.option(
        "--channel",
        "channels",
        multiple=True,
        type=click.Choice([channel.value for channel in Channel]),
        default=("mail", "inbox"),
        help="A channel; repeatable. Default: mail and inbox.",
    ),
    click.option("--again", is_flag=True, help="Announce once more to the same audience."),
)


def audience_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that choose an audience."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def audience_from_options(chosen: Mapping[str, Any]) -> Audience:
    """The audience that options chose. Raises InvalidValueError and NotVisibleError."""
    return Audience(
        categories=tuple(_category(text) for text in chosen["categories"]),
        university_ids=tuple(university_by_code(code).id for code in chosen["codes"]),
        levels=tuple(_level(text) for text in chosen["levels"]),
        parts=tuple(_part(text) for text in chosen["parts"]),
        without=Exclusions(
            answered=chosen["without_answered"],
            placed=chosen["without_placed"],
            opted_out=chosen["without_opted_out"],
            contacted_days=chosen["contacted_days"] or 0,
            student_ids=tuple(_student(text) for text in chosen["named"]),
        ),
    )


def fair_by_id(fair_id: int, *, viewer: Viewer | None = None) -> Fair:
    """The fair of a number, as far as it concerns a viewer. Raises NotVisibleError."""
    fairs = select(Fair) if viewer is None else visible_fairs(viewer)
    fair = db.session.execute(fairs.where(Fair.id == fair_id)).scalar_one_or_none()
    if fair is None:
        raise NotVisibleError(f"There is no fair {fair_id}.", remedy="See `placement fairs list`.")
    return fair


def _category(text: str) -> Category:
    code = categories.find(text)
    if code is None:
        raise InvalidValueError(
            f"There is no category {text}.", remedy=f"Give one of {', '.join(Category)}."
        )
    return Category(code)


def _level(text: str) -> str:
    found = levels.find(text)
    if found is None:
        raise InvalidValueError(f"There is no level {text}.", remedy="Give a code such as 31.")
    return found[0]


def _part(text: str) -> str:
    if text not in destinations.PARTS:
        raise InvalidValueError(
            f"There is no part {text}.", remedy=f"Give one of {', '.join(destinations.PARTS)}."
        )
    return text


def _student(text: str) -> int:
    code, _slash, number = text.partition("/")
    found = db.session.execute(
        select(Student.id)
        .join(University, University.id == Student.university_id)
        .where(
            University.code == code, Student.student_number == number, Student.voided_at.is_(None)
        )
    ).scalar_one_or_none()
    if found is None:
        raise InvalidValueError(
            f"There is no student {text}.", remedy="Give university code/student number."
        )
    return found
