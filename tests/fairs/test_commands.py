"""`placement fairs …` and `placement notice send`, run as a person runs them."""

import dataclasses
import datetime as dt
import json

from placement import clock
from placement.accounts.models import Role
from placement.cli.notice import sending
from placement.composing.models import NoticeDraft
from placement.db import db
from placement.fairs.models import Fair
from placement.notices.models import Channel, Delivery, Notice
from placement.students.models import Category
from tests.factories import make_member, make_student, make_user, save


def fair_to_come(**changes) -> Fair:
    fields = {"title": "Spring fair", "place": "Fuzhou", "class_year": 2016, **changes}
    fair = Fair(on=clock.today() + dt.timedelta(days=3), **fields)
    save(fair)
    return fair


def test_fair_that_is_added_is_listed(command, cast):
    day = (clock.today() + dt.timedelta(days=9)).isoformat()

    added = command("fairs", "add", "--title", "T", "--on", day, "--place", "P", "--format", "json")
    listed = command("fairs", "list", "--format", "json")

    assert (added.returncode, listed.returncode) == (0, 0), added.stderr + listed.stderr
    assert json.loads(listed.stdout)["fairs"] == [
        {
            "fair_id": json.loads(added.stdout)["fair_id"],
            "title": "T",
            "on": day,
            "place": "P",
            "class_year": None,
        }
    ]


def test_fair_is_announced_to_one_category(command, cast):
    fair = fair_to_come()
    other = make_student(cast.university)
    make_member(other, Category.DISABILITY)
    db.session.commit()
    words = ("notice", "send", "--fair", str(fair.id), "--category", "disability")
    words = (*words, "--channel", "inbox", "--format", "json")

    counted = json.loads(command(*words, "--dry-run").stdout)
    sent = json.loads(command(*words).stdout)
    again = command(*words)

    assert counted == {"notice_id": None, "audience": 1, "deliveries": {"inbox": 1}}
    assert (sent["audience"], sent["deliveries"]) == (1, {"inbox": 1})
    rows = db.session.query(Delivery.student_id, Delivery.channel).all()
    assert rows == [(other.id, Channel.INBOX)]
    assert again.returncode == 1
    assert "again" in again.stderr


def test_many_are_told_on_the_word_of_two(typed, app, settings, cast, sent_jobs):
    fair = fair_to_come(university_id=cast.university.id)
    make_user(Role.UNIVERSITY, cast.university, username="second")
    other = make_student(cast.university)
    make_member(other, Category.DISABILITY)
    assert cast.lin_mei
    words = ("notice", "send", "--fair", fair.id, "--channel", "inbox", "--format", "json")
    zheng = ("--by", cast.zheng.username)

    def run(*more, production=True):
        safe = {"https": True, "secret_key": "s" * 32, "keys": "given"} if production else {}
        app.config["SETTINGS"] = dataclasses.replace(
            settings, production=production, release_size=1, **safe
        )
        done = typed(sending, *words, *more)
        app.config["SETTINGS"] = settings
        return done

    alone = (
        run(),
        run(*zheng),
        run(*zheng, "--released-by", "second"),
        run(*zheng, "--released-by", "second", "--people", 3),
        run(*zheng, "--released-by", cast.zheng.username, "--people", 2),
        run(*zheng, "--released-by", cast.chen.username, "--people", 2),
    )
    assert [done.exit_code for done in alone] == [1] * 6
    assert db.session.query(Notice).count() == db.session.query(NoticeDraft).count() == 0
    assert "it takes two" in alone[0].stderr

    counted = json.loads(run(*zheng, "--dry-run").stdout)
    by_two = run(
        *(*zheng, "--released-by", "second", "--people", counted["audience"]),
        *("--remind-after", "1"),
    )
    answer = json.loads(by_two.stdout)
    assert (answer["audience"], answer["deliveries"]) == (2, {"inbox": 2})
    draft = db.session.query(NoticeDraft).one()
    assert (draft.notice_id, draft.handed_in_by) == (answer["notice_id"], cast.zheng.id)
    assert db.session.query(Notice).one().remind_after_days == 1

    elsewhere = run("--again", production=False)
    assert elsewhere.exit_code == 0
    assert "on one person's word" in elsewhere.stderr


def test_unknown_words_are_refused_with_what_to_give(command, cast):
    fair = fair_to_come()
    db.session.commit()

    no_fair = command("notice", "send", "--fair", "999999")
    no_category = command("notice", "send", "--fair", str(fair.id), "--category", "tall")
    no_part = command("notice", "send", "--fair", str(fair.id), "--part", "asleep")

    assert [done.returncode for done in (no_fair, no_category, no_part)] == [1, 1, 1]
    assert "placement fairs list" in no_fair.stderr
    assert "family_hardship" in no_category.stderr
    assert "seeking" in no_part.stderr
