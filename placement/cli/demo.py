"""`placement demo`: the synthetic province, from an empty folder to pages that work."""

import functools
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from placement import migrate
from placement.app import create_app
from placement.audit.operations import acting_from
from placement.cli.output import note
from placement.cli.parts import PORT, check_port, run_everything
from placement.config import Settings, load_settings
from placement.db import db, system_scope, use_scope
from placement.demo.loading.loading import load_demo
from placement.demo.loading.wiping import wipe_demo
from placement.demo.mail_sink import run_mail_sink
from placement.demo.province.sizes import REGISTERED
from placement.demo.remembered import remember
from placement.demo.sms_gateway import SECRET, serve_sms_gateway
from placement.services import Endpoints, attach, detach, processes
from placement.services.ports import choose_port
from placement.services.runner import CommandPart
from placement.services.under_runner import join_runner, report_ready

_DEFAULTS = {
    "PLACEMENT_MAIL_RATE": "0",
    "PLACEMENT_MAIL_DOMAIN_RATE": "0",
    "PLACEMENT_MAIL_QUIET_HOURS": "off",
    "PLACEMENT_SMS_RATE": "0",
    "PLACEMENT_SMS_QUIET_HOURS": "off",
}


@click.command()
@click.option(
    "--students",
    default=REGISTERED,
    show_default=True,
    type=click.IntRange(20, 1_000_000),
    help="People in the register of 2016; everything else follows.",
)
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(1, 65_535),
    help="Port of the pages, on this machine alone.",
)
@click.option("--fresh", is_flag=True, help="Drop an earlier demo here and load it anew.")
def demo(students: int, port: int, fresh: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Load the demo province once, then run web, worker, beat and a mailbox until Ctrl-C."""
    settings = load_settings(demo=True)
    check_port(port)
    endpoints = attach(settings)
    if fresh:
        wipe_demo(endpoints.migrate_url, settings.instance)
    migrate.upgrade(endpoints.migrate_url)
    logins = _load(settings, endpoints, students)
    environment = _environment(settings)
    remember(settings.instance, environment)
    for role, login in logins.items():
        note(f"  {role:10}  {login['username']}  {login['password']}")
    code = run_everything(
        settings,
        endpoints,
        port=port,
        environment=environment,
        further=[_mailbox(settings, environment)],
    )
    detach(settings.instance, at_once=True)
    sys.exit(code)


def _load(settings: Settings, endpoints: Endpoints, students: int) -> dict[str, dict[str, str]]:
    app = create_app(settings, endpoints=endpoints)
    with (
        app.app_context(),
        acting_from("command demo"),
        use_scope(system_scope("load the demo")),
    ):
        logins = load_demo(students, settings=settings, tell=note)
    with app.app_context():
        db.engine.dispose()
    return logins


def _environment(settings: Settings) -> dict[str, str]:
    """What the parts are told beyond their own settings; what the environment says stays."""
    chosen = {name: value for name, value in _DEFAULTS.items() if name not in os.environ}
    if not settings.smtp_url:
        chosen["PLACEMENT_SMTP_URL"] = f"smtp://127.0.0.1:{choose_port(None)}"
    if not settings.sms_url:
        chosen["PLACEMENT_SMS_URL"] = f"http://demo:{SECRET}@127.0.0.1:{choose_port(None)}/sms"
    return {"PLACEMENT_DEMO": "1", **chosen}


def _mailbox(settings: Settings, environment: dict[str, str]) -> CommandPart:
    port = environment.get("PLACEMENT_SMTP_URL", "smtp://127.0.0.1:0").rpartition(":")[2]
    folder: Path = settings.instance / "demo" / "mail"
    words = processes.python_command("placement.cli", "mailbox", str(folder), "--port", port)
    if "PLACEMENT_SMS_URL" in environment:
        sms_port = urlsplit(environment["PLACEMENT_SMS_URL"]).port
        words += ["--sms-port", str(sms_port)]
    return CommandPart("mailbox", words, environment)


@click.command(hidden=True)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--port", type=int, required=True, help="Port for mail.")
@click.option("--sms-port", type=int, help="Port for SMS, where they are taken too.")
def mailbox(folder: Path, port: int, sms_port: int | None) -> None:
    """Take every mail and SMS of the demo and keep it; none is passed on."""
    join_runner()
    beside = None if sms_port is None else functools.partial(serve_sms_gateway, port=sms_port)
    run_mail_sink(folder, port, ready=lambda _port: report_ready(), beside=beside)


commands: list[click.Command] = [demo, mailbox]
