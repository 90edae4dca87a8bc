"""`placement notice send` and `status`: announce a fair, and see how its notice stands."""

import uuid
from dataclasses import dataclass
from typing import Any

import click

from placement.cli.notice.acting import account_that_sends
from placement.cli.notice.choosing import (
    REMIND,
    audience_from_options,
    audience_options,
    fair_by_id,
)
from placement.cli.output import FORMAT, note
from placement.cli.session import command_session, echo_json
from placement.composing import operations
from placement.composing.models import DraftState
from placement.composing.operations import DraftPlan, Shown
from placement.composing.queries import chosen_by
from placement.composing.texts import announcement_from, digest_of
from placement.config import Settings
from placement.db import db, transaction
from placement.errors import NotAllowedError, NotVisibleError
from placement.fairs.models import Fair
from placement.fairs.operations import announce_fair, preview_announcement
from placement.fairs.operations.reminding import set_reminder
from placement.notices.models import Channel, Notice
from placement.notices.operations.announcement import Announced
from placement.notices.queries import Counts, count_states


class NeedsTwoPeopleError(NotAllowedError):
    """So many people are told on the word of two, not of one."""

    code = "needs_two_people"


@click.command()
@audience_options
@click.option("--dry-run", is_flag=True, help="Count only.")
@REMIND
@click.option("--by", "sender", help="Whose act it is: a user name.")
@click.option("--released-by", "releaser", help="The second person: another user name.")
@click.option("--people", type=int, help="The head count that both agree to.")
@FORMAT
def send(
    *,
    dry_run: bool,
    remind_after: int | None,
    sender: str | None,
    releaser: str | None,
    people: int | None,
    form: str,
    **chosen: Any,
) -> None:
    """Announce a fair to an audience, once per person and channel.

    To more people than PLACEMENT_RELEASE_SIZE it takes two: --by, --released-by and the --people
    that a dry run counted, held to the same rules as on the pages. In production it is refused
    without them; elsewhere it goes out with a word about it. `placement notice draft` begins the
    way on which the two people act one after the other, with words and a time.
    """
    with command_session("notice send") as app:
        plan = DraftPlan(
            audience=audience_from_options(chosen),
            channels=[Channel(channel) for channel in chosen["channels"]],
            remind_after_days=remind_after,
            again=chosen["again"],
        )
        order = _Order(app.config["SETTINGS"], fair_by_id(chosen["fair_id"]), plan)
        if dry_run:
            answer = _counted(order, sender)
        elif sender is None:
            answer = _sent_by_the_program(order)
        else:
            answer = _sent_by_people(order, sender, releaser, people)
    if form == "json":
        echo_json(answer)
    else:
        told = ", ".join(f"{name} {count:,}" for name, count in answer["deliveries"].items())
        click.echo(f"Notice {answer['notice_id'] or '-'}: {answer['audience']:,} people; {told}")


@dataclass(frozen=True, slots=True)
class _Order:
    settings: Settings
    fair: Fair
    plan: DraftPlan


def _counted(order: _Order, sender: str | None) -> dict[str, Any]:
    actor = account_that_sends(sender) if sender else None
    plan, settings = order.plan, order.settings
    return _answered(
        preview_announcement(
            order.fair, plan.audience, channels=plan.channels, actor=actor, settings=settings
        )
    )


def _sent_by_the_program(order: _Order) -> dict[str, Any]:
    """Announce at once, in nobody's name."""
    plan, settings = order.plan, order.settings
    plan.check(order.fair)
    with transaction():
        told = announce_fair(
            order.fair,
            plan.audience,
            channels=plan.channels,
            actor=None,
            settings=settings,
            again=plan.again,
        )
        if told.audience > settings.release_size:
            _ask_for_two(told.audience, settings)
        if plan.remind_after_days is not None:
            notice = db.session.get_one(Notice, told.notice_id)
            set_reminder(notice, after_days=plan.remind_after_days, actor=None)
    return _answered(told)


def _sent_by_people(
    order: _Order, sender: str, releaser: str | None, people: int | None
) -> dict[str, Any]:
    """Compose, hand in and release in one act, by the rules of drafts."""
    settings, actor = order.settings, account_that_sends(sender)
    with transaction():
        draft = operations.create_draft(
            order.fair, order.plan, actor=actor, submission_id=uuid.uuid4()
        )
        db.session.flush()
        ids = list(db.session.execute(chosen_by(draft, actor)).scalars())
        mark = digest_of(draft, announcement_from(draft, settings), ids)
        shown = Shown(len(ids) if people is None else people, mark)
        state = operations.hand_in(
            draft, shown, actor=actor, version=draft.version, settings=settings
        )
        if state is DraftState.WAITING:
            if releaser is None or people is None:
                raise _needs_two(len(ids), settings)
            second = account_that_sends(releaser)
            operations.release(draft, shown, actor=second, settings=settings)
        number = int(draft.notice_id or 0)
    counted = count_states([number])[number]
    return {
        "notice_id": number,
        "audience": db.session.get_one(Notice, number).audience_size,
        "deliveries": {channel.value: sum(states.values()) for channel, states in counted.items()},
    }


def _ask_for_two(people: int, settings: Settings) -> None:
    if settings.production:
        raise _needs_two(people, settings)
    note(
        f"{people:,} people are told on one person's word. In production more than"
        f" {settings.release_size:,} take two: --by, --released-by, --people."
    )


def _needs_two(people: int, settings: Settings) -> NeedsTwoPeopleError:
    return NeedsTwoPeopleError(
        f"To {people:,} people, more than {settings.release_size:,}, it takes two.",
        remedy="Say --by, --released-by and --people, or begin with `placement notice draft`.",
    )


def _answered(told: Announced) -> dict[str, Any]:
    return {
        "notice_id": told.notice_id,
        "audience": told.audience,
        "deliveries": told.deliveries,
    }


@click.command()
@click.argument("notice_id", type=int)
@FORMAT
def status(notice_id: int, form: str) -> None:
    """Show the state of a notice's deliveries, by channel."""
    with command_session("notice status"):
        found = db.session.get(Notice, notice_id)
        if found is None:
            raise NotVisibleError(
                f"There is no notice {notice_id}.", remedy="See `placement notice send`."
            )
        counts = count_states([found.id])[found.id]
        if form == "json":
            echo_json(_answer(found, counts))
        else:
            click.echo(_words(found, counts))


def _answer(notice: Notice, counts: Counts) -> dict[str, Any]:
    deliveries = {
        channel.value: {state.value: number for state, number in states.items()}
        for channel, states in counts.items()
    }
    return {"notice_id": notice.id, "audience": notice.audience_size, "deliveries": deliveries}


def _words(notice: Notice, counts: Counts) -> str:
    lines = [f"Notice {notice.id} to {notice.audience_size:,} people ({notice.state.value})"]
    for channel, states in counts.items():
        told = [f"{state.value} {number:,}" for state, number in states.items() if number]
        lines.append(f"  {channel.value}: {', '.join(told)}")
    return "\n".join(lines)
