"""The words of the audit trail."""

import re
from pathlib import Path

import placement
from placement.desk.acts import ACTS, act_word

_RECORDED = re.compile(r'record_event\(\s*"([a-z_]+\.[a-z_]+)"')


def test_every_act_that_is_recorded_has_a_word():
    files = Path(placement.__file__).parent.rglob("*.py")

    recorded = {act for file in files for act in _RECORDED.findall(file.read_text("utf-8"))}

    assert len(recorded) > 40
    assert recorded <= set(ACTS)


def test_act_without_a_word_is_shown_by_its_name():
    assert act_word("comet.seen") == "comet.seen"
