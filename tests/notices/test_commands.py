"""`placement notice status`, run as a person runs it."""

import json

from placement.notices.models import Channel, DeliveryState
from tests.notices.conftest import put


def test_the_status_tells_every_state_by_channel(tell, audience, command):
    told = tell(audience, channels=(Channel.MAIL, Channel.INBOX))
    put(DeliveryState.UNCERTAIN)

    done = command("notice", "status", str(told.notice_id), "--format", "json")

    answer = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (answer["notice_id"], answer["audience"]) == (told.notice_id, 5)
    assert set(answer["deliveries"]) == {"mail", "inbox"}
    assert set(answer["deliveries"]["mail"]) == {state.value for state in DeliveryState}
    assert answer["deliveries"]["mail"]["uncertain"] == 5


def test_the_status_in_words(tell, audience, command):
    told = tell(audience)

    done = command("notice", "status", str(told.notice_id))

    assert f"Notice {told.notice_id} to 5 people (sending)" in done.stdout
    assert "mail: pending 5" in done.stdout


def test_a_notice_that_does_not_exist_is_refused(app, command):
    done = command("notice", "status", "999")

    assert done.returncode == 1
    assert "There is no notice 999." in done.stderr
