"""The promises of the stylesheet: contrast that can be read, five sizes, nothing from elsewhere."""

import re
from pathlib import Path

import pytest

import placement

STATIC = Path(placement.__file__).parent / "static"
CSS = (STATIC / "placement.css").read_text()
TEXT, EDGE = 4.5, 3.0

READ_ON = [
    *((ink, paper) for ink in ("ink", "ink-2", "ink-3", "act") for paper in ("paper", "paper-2")),
    *((ink, "paper-3") for ink in ("ink", "ink-2", "ink-3", "act")),
    *((ink, "act-soft") for ink in ("ink", "ink-2", "act", "act-ink")),
    ("on-act", "act"),
    ("on-act", "act-strong"),
    ("on-late", "late"),
    *((tone, paper) for tone in ("due", "late", "good") for paper in ("paper", "paper-2")),
    *((tone, f"{tone}-soft") for tone in ("due", "late", "good")),
    *(("ink", f"{tone}-soft") for tone in ("due", "late", "good")),
    *(("act", f"{tone}-soft") for tone in ("due", "late", "good")),
]
SEEN_ON = [
    ("edge", "paper"),
    ("edge", "paper-2"),
    ("bar-1", "paper"),
    ("bar-2", "paper"),
    ("bar-all", "paper"),
]


def _colours(block):
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def _schemes():
    light = _colours(re.search(r"\n:root \{(.*?)\n\}", CSS, re.S)[1])
    dark = _colours(re.search(r"prefers-color-scheme: dark\) \{(.*?)\n\}", CSS, re.S)[1])
    return {"light": light, "dark": {**light, **dark}}


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_on_its_ground(scheme):
    colours = _schemes()[scheme]

    weak = {
        pair: round(_contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in READ_ON
        if _contrast(colours[pair[0]], colours[pair[1]]) < TEXT
    }

    assert weak == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_edge_and_bar_can_be_seen(scheme):
    colours = _schemes()[scheme]

    weak = [pair for pair in SEEN_ON if _contrast(colours[pair[0]], colours[pair[1]]) < EDGE]

    assert weak == []


def test_five_sizes_and_two_weights():
    sizes = set(re.findall(r"font-size: ([^;]+);", CSS))
    weights = set(re.findall(r"font-weight: ([^;]+);", CSS))

    five = {f"var(--{name})" for name in ("small", "dense", "body", "head", "title")}
    assert sizes <= five | {"9pt"}  # the page number in the margin of a print
    assert weights <= {"400", "600"}


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.*")), ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path):
    addresses = set(re.findall(r"https?://[^\"'\s)]+", path.read_text()))

    assert addresses <= {"http://www.w3.org/2000/svg"}


def test_every_sign_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    templates = Path(placement.__file__).parent.parent / "templates"

    named = {
        name
        for path in templates.rglob("*.html")
        for name in re.findall(r"icon\(['\"]([\w-]+)['\"]", path.read_text())
    }

    assert named <= drawn
