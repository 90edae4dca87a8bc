"""`placement keys …`: the master keys and their rotation."""

import click

from placement.audit.operations import record_event
from placement.cli.groups import Commands
from placement.cli.output import FORMAT
from placement.cli.session import command_session, echo_json, note
from placement.config import Settings
from placement.db import transaction
from placement.keys import Keyring, add_master_key, key_file, keyring, load_keyring, use_keyring
from placement.rotation import data_keys_by_master, rewrap_data_keys, rotating_alone


@click.group(cls=Commands)
def keys() -> None:
    """Look at the master keys and rotate them."""


@keys.command()
@FORMAT
def rotate(form: str) -> None:
    """Add a master key and wrap every data key under it, in steps.

    A rotation that was broken off is gone on with, without another key. With PLACEMENT_KEYS
    in the environment, put the new key at the end of its "masters" first: the last one is taken.
    Old keys are needed until this has come to its end, and for dumps from before.
    """
    with command_session("keys rotate") as app, rotating_alone():
        ring = _ring_to_wrap_under(app.config["SETTINGS"])
        done = rewrap_data_keys(ring, lambda part, total: note(f"{part:,} of {total:,} keys"))
    count = sum(done.rewrapped.values())
    if done.left:
        note(
            f"{done.left:,} keys were held by others all the while: run it again in a few minutes."
        )
    if form == "json":
        answer = {"master": ring.current, "rewrapped": count, "left": done.left}
        echo_json({**answer, "tables": done.rewrapped})
    else:
        click.echo(f"{count:,} data keys were wrapped anew under the master key {ring.current}.")


def _ring_to_wrap_under(settings: Settings) -> Keyring:
    ring = keyring()
    counts = data_keys_by_master()
    if counts.total() != counts[ring.current]:
        note(f"The rotation to the master key {ring.current} goes on.")
    elif settings.keys:
        note(
            f"Every data key is under {ring.current} already. To rotate, put a new key at the end"
            ' of "masters" in PLACEMENT_KEYS.'
        )
    else:
        with transaction():
            fresh = add_master_key(key_file(settings.instance))
            record_event("keys.master_added", actor_id=None, details={"master": fresh})
        ring = load_keyring(settings)
        use_keyring(ring)
    return ring


@keys.command()
@FORMAT
def status(form: str) -> None:
    """Count the data keys under each master key; one with none is needed for old dumps alone."""
    with command_session("keys status"):
        counts = data_keys_by_master()
        ring = keyring()
    named = {name: counts[name] for name in (*ring.masters, *sorted(counts))}
    missing = sorted(set(named) - set(ring.masters))
    if form == "json":
        echo_json({"master": ring.current, "data_keys": named, "missing": missing})
        return
    for name, count in named.items():
        word = "encrypts" if name == ring.current else "decrypts"
        click.echo(f"{name}  {'missing' if name in missing else word:8}  {count:,} data keys")


commands: list[click.Command] = [keys]
