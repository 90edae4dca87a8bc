"""The words of the audit trail."""

import re
from pathlib import Path

import placement
from placement.desk.acts import ACTS, act_word
from placement.desk.rules import NAMES
from placement.desk.subjects import SUBJECTS, subject_word
from placement.reference.rules import rules_in_force
from placement.web.catalogues import merged_catalogue

_NAMED = re.compile(r'\bsubject="([a-z_]+)"')
_RECORDED = re.compile(r'record_event\(\s*"([a-z_]+\.[a-z_]+)"')


def test_every_act_that_is_recorded_has_a_word():
    files = Path(placement.__file__).parent.rglob("*.py")

    recorded = {act for file in files for act in _RECORDED.findall(file.read_text("utf-8"))}

    assert len(recorded) > 40
    assert recorded <= set(ACTS)


def test_act_without_a_word_is_shown_by_its_name():
    assert act_word("comet.seen") == "comet.seen"


def test_what_an_event_is_about_has_a_word():
    files = Path(placement.__file__).parent.rglob("*.py")

    named = {kind for file in files for kind in _NAMED.findall(file.read_text("utf-8"))}

    assert len(named) > 5
    assert named <= set(SUBJECTS)
    assert subject_word("comets") == "comets"


def test_rules_in_force_are_told_in_chinese_too():
    chinese = merged_catalogue()

    assert {rule.name for rule in rules_in_force()} == set(NAMES)
    assert [rule.name for rule in rules_in_force() if not chinese.get(rule.source)] == []
