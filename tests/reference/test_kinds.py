"""The first lists of kinds, which a province's own words overlay."""

from placement.reference import kinds


def test_first_lists_are_named_in_both_languages():
    assert kinds.barriers.name("skills", "zh_Hans_CN") == "技能不足"
    assert kinds.actions.name("job_referral", "en") == "Job referral"
    assert all(
        entry.zh and entry.en
        for table in (kinds.barriers, kinds.actions)
        for entry in table.entries.values()
    )
