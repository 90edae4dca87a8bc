"""`placement notice draft …`: from a draft to a notice by commands."""

import json

from placement.accounts.models import Role
from placement.cli.notice import drafting
from placement.composing.models import DraftState, NoticeDraft
from placement.db import db
from placement.notices.models import Notice
from placement.students.models import Category
from tests.factories import make_member, make_outcome, make_student, make_user


def test_a_notice_goes_out_by_commands(typed, cast, fair, offered, sent_jobs):
    placed = make_student(cast.university)
    make_member(placed, Category.RURAL_ORIGIN)
    make_outcome(placed, "10", verified=True)
    assert cast.lin_mei
    assert make_user(Role.COUNSELOR, cast.university, username="nobody")
    zheng = ("--by", cast.zheng.username)

    def run(*words, code=0):
        done = typed(drafting, "notice", *words)
        assert done.exit_code == code, done.output
        return done

    made = run(
        *("draft", "--fair", str(fair.id), "--channel", "inbox", "--without-placed"),
        *("--message", "请带简历。", "--without", f"90001/{placed.student_number}"),
        *("--format", "json", *zheng),
    )
    number = str(json.loads(made.stdout)["draft_id"])
    seen = json.loads(run("preview", number, *zheng, "--format", "json").stdout)
    assert "1 people" in run("preview", number, *zheng).stdout
    assert number in run("drafts").stdout
    agreed = ("--people", "1", "--version", seen["version"][:8])

    assert (
        "no account that sends" in run("hand-in", number, "--by", "nobody", *agreed, code=1).output
    )
    run("hand-in", number, *zheng, "--people", "2", "--version", seen["version"], code=1)
    run("take-back", number, *zheng)
    run("release", number, *zheng, *agreed, code=1)
    assert "has gone out" in run("hand-in", number, *zheng, *agreed).stdout

    assert seen["people"] == 1
    assert "请带简历。" in seen["texts"]["zh_Hans_CN"]["text"]
    assert seen["left_out"] == {"named": 1}
    assert db.session.query(NoticeDraft).one().state is DraftState.SENT
    assert db.session.query(Notice).one().audience_size == 1
