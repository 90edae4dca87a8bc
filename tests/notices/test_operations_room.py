"""The outbox in the hands of whoever runs it: commands, health, figures for a monitor."""

import dataclasses
import json

import pytest

from placement.db import transaction
from placement.notices.liveness import take_pulse
from placement.notices.models import Channel, DeliveryState, NoticeState
from placement.notices.operations.circuit import stop_channel
from tests.notices.conftest import only_notice, put, states


def test_a_notice_is_steered_by_commands(tell, audience, command):
    told = tell(audience)
    number = str(told.notice_id)

    assert command("notice", "pause", number).returncode == 0
    assert only_notice().state is NoticeState.PAUSED
    assert command("notice", "resume", number).returncode == 0
    put(DeliveryState.FAILED, reason="server_refused", attempts=3)
    assert "5 deliveries are tried again" in command("notice", "retry", number).stdout
    assert states() == {"pending": 5}
    moving = json.loads(command("notice", "show", number, "--format", "json").stdout)
    put(DeliveryState.UNCERTAIN)
    assert "5 deliveries decided" in command("notice", "resolve", number, "leave").stdout
    shown = json.loads(command("notice", "show", number, "--format", "json").stdout)
    assert [moving["state"], shown["state"]] == ["sending", "done"]
    assert shown["deliveries"] == {"mail": {"uncertain_final": 5}}
    assert shown["reasons"] == {"uncertain_final": {"resolved_leave": 5}}
    assert command("notice", "cancel", number, "--yes").returncode == 0
    listed = json.loads(command("notice", "list", "--format", "json").stdout)
    assert [notice["state"] for notice in listed["notices"]] == ["cancelled"]
    refused = command("notice", "retry", number)
    assert refused.returncode == 1
    assert "cancelled" in refused.stderr


def test_what_was_refused_is_tried_again_under_its_number(
    tell, send, sink, audience, browser, cast
):
    told = tell(audience[:1])
    sink.at_recipient = lambda _address: b"554 5.7.1 policy\r\n"
    send()
    sink.at_recipient = lambda _address: b""
    browser.sign_in(cast.huang)

    browser.submit(f"/notices/{told.notice_id}/retry")
    send()

    assert states() == {"sent": 1}
    assert len(sink.message_ids) == 1


def test_a_worker_is_judged_by_what_it_moves(tell, audience, outlet, superuser):
    tell(audience)
    assert [pulse.stalled for pulse in take_pulse(outlet)] == [False]

    superuser.execute("UPDATE deliveries SET next_try_at = now() - interval '10 minutes'")
    assert [pulse.stalled for pulse in take_pulse(outlet)] == [False]
    assert [pulse.stalled for pulse in take_pulse(outlet, stalled_seconds=0)] == [True]

    with transaction():
        stop_channel(Channel.MAIL, reason="log_in_refused")
    (pulse,) = take_pulse(outlet, stalled_seconds=0)
    assert (pulse.stalled, pulse.stopped_reason, pulse.due) == (False, "log_in_refused", 5)


@pytest.mark.parametrize(
    ("changes", "headers", "status"),
    [
        ({}, {}, 200),
        ({}, {"X-Forwarded-For": "203.0.113.9"}, 404),
        ({"metrics_token": "secret"}, {}, 404),
        ({"metrics_token": "secret"}, {"Authorization": "Bearer wrong"}, 404),
        ({"metrics_token": "secret"}, {"Authorization": "Bearer secret"}, 200),
    ],
)
def test_figures_for_whoever_may_read_them(app, tell, audience, outlet, changes, headers, status):
    tell(audience)
    app.config["SETTINGS"] = dataclasses.replace(outlet, **changes)

    answer = app.test_client().get("/metrics", headers=headers)

    assert answer.status_code == status
    figures = 'placement_deliveries{channel="mail",state="pending"} 5' in answer.text
    assert figures is (status == 200)
