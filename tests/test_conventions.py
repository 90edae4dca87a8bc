"""The house rules that no linter knows."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from babel.messages.extract import extract_from_dir

from placement import queue
from placement.cli import main
from placement.config import Settings
from placement.db import db
from placement.web.catalogues import merged_catalogue, room_catalogues

ROOT = Path(__file__).parent.parent
CODE = [
    p
    for folder in ("placement", "tasks", "tests", "benchmarks")
    for p in (ROOT / folder).rglob("*.py")
]
MOST_LINES = 300
FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "manager", "common", "misc", "base"}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_no_file_outgrows_its_room():
    long = {
        str(p.relative_to(ROOT)): lines
        for p in CODE
        if "migrations" not in p.parts and (lines := len(read(p).splitlines())) > MOST_LINES
    }

    assert not long


def test_no_room_is_an_attic():
    assert not [str(p) for p in CODE if p.stem in FORBIDDEN_NAMES]


def test_only_the_transaction_commits():
    places = {
        str(p.relative_to(ROOT))
        for p in CODE
        if p.parts[len(ROOT.parts)] in {"placement", "tasks"} and "session.commit(" in read(p)
    }

    assert places == {"placement/db.py"}


def test_only_the_clock_reads_the_time():
    reads = re.compile(r"datetime\.now\(|date\.today\(|utcnow\(|time\.time\(")
    places = {
        str(p.relative_to(ROOT))
        for p in CODE
        if p.parts[len(ROOT.parts)] in {"placement", "tasks"} and reads.search(read(p))
    }

    # The launcher of the servers runs before there is a database to ask.
    assert {p for p in places if not p.startswith("placement/services/")} == set()


def test_every_job_has_its_task():
    import tasks.worker  # noqa: F401, PLC0415 - registers them, with the application ready

    registered = set(queue.celery.tasks)

    assert {job.name for job in queue.JOBS} <= registered
    assert {name for name in registered if not name.startswith("celery.")} == {
        job.name for job in queue.JOBS
    }


def templates() -> dict[str, str]:
    folder = ROOT / "templates"
    return {str(p.relative_to(folder)): read(p) for p in folder.rglob("*") if p.is_file()}


def test_every_template_is_used():
    sources = "\n".join(read(p) for p in CODE if "placement" in p.parts)
    every = templates()
    used = set(
        re.findall(r"[\"']([\w/-]+\.(?:html|txt))[\"']", sources + "\n".join(every.values()))
    )
    used |= {f"notices/{name}" for name in used}  # letters name each other from their own folder
    # Chosen by name as the program runs: an error's status, a notice's kind.
    chosen = re.compile(
        r"^(errors/|notices/sender\.txt|notices/[\w-]+/(subject|body|sms|sms_variables)\.)"
    )

    assert {name for name in every if name not in used and not chosen.match(name)} == set()


def test_templates_parse(app):
    # The texts of notices have an environment of their own; their tests render them all.
    for name in templates():
        is_page = not name.startswith("notices/") or name.count("/") == 1
        if is_page and name.endswith(".html"):
            app.jinja_env.get_template(name)


def test_every_message_has_its_chinese():
    keywords = {
        "_": None,
        "gettext": None,
        "lazy_gettext": None,
        "ngettext": (1, 2),
        "_l": None,
        "N_": None,
        "pgettext": ((1, "c"), 2),
    }
    found = set()
    for folder, method in (
        ("placement", [("**.py", "python")]),
        ("templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
    ):
        for file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder),
            method_map=method,
            keywords=keywords,
            options_map={"**.html": {"extensions": "jinja2.ext.do"}},
        ):
            found.add((folder, file, message))
    catalogue = merged_catalogue()
    missing = sorted(
        f"{folder}/{file}: {message!r}"
        for folder, file, message in found
        if not catalogue.get(message) or not catalogue.get(message).string
    )

    assert not missing, "\n".join(missing)


def test_rooms_agree_on_their_words():
    seen: dict[str, tuple[str, str]] = {}
    disagreements = []
    for room, catalogue in room_catalogues().items():
        for message in catalogue:
            if not message.id or not isinstance(message.id, str):
                continue
            text = str(message.string)
            first = seen.setdefault(message.id, (room, text))
            if first[1] != text:
                disagreements.append((message.id, first, (room, text)))

    assert not disagreements


def test_placeholders_survive_translation():
    place = re.compile(r"%\((\w+)\)|\{(\w+)\}")
    wrong = [
        (message.id, message.string)
        for message in merged_catalogue()
        if isinstance(message.id, str)
        and message.id
        and set(place.findall(message.id)) != set(place.findall(str(message.string)))
    ]

    assert not wrong


def test_schema_is_what_the_models_say(app):
    differences = compare_metadata(MigrationContext.configure(db.session.connection()), db.metadata)

    assert [d for d in differences if "alembic_version" not in str(d)] == []


def test_every_setting_is_documented():
    text = read(ROOT / "docs" / "operations.md")
    missing = [
        f.metadata["variable"]
        for f in fields(Settings)
        if f"`{f.metadata['variable']}`" not in text
    ]

    assert not missing


def commands(group: click.Group, prefix: str = "placement") -> list[str]:
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        full = f"{prefix} {name}"
        found += commands(command, full) if isinstance(command, click.Group) else [full]
    return found


def test_every_command_is_documented():
    text = read(ROOT / "docs" / "operations.md")

    assert [name for name in commands(main) if f"`{name}" not in text] == []


@pytest.mark.parametrize("name", commands(main))
def test_every_command_explains_itself(name):
    command: click.Command | None = main
    for part in name.split()[1:]:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), part)

    assert command is not None
    assert (command.help or "").strip()
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [option.opts for option in options if not option.help] == []
