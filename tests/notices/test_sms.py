"""SMS by a gateway: what is sent, what each answer and each receipt makes of it (F7)."""

import dataclasses
import json
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from placement.config import Settings
from placement.demo.sms_gateway import SECRET, response
from placement.errors import ConfigurationError
from placement.notices.channels.sms import read_templates, receipts_url, sms_gateway
from placement.notices.channels.sms_aliyun import authorization
from placement.notices.channels.sms_json import SIGNATURE, TIMESTAMP, sign
from placement.notices.models import Channel, DeliveryState
from placement.notices.queries import stories_of, troubled_channels
from tests.notices.conftest import FAIR, only_delivery, put, states
from tests.notices.gateway import SmsGateway

SMS = (Channel.SMS,)


@pytest.fixture
def gateway() -> Iterator[SmsGateway]:
    gateway = SmsGateway()
    yield gateway
    gateway.close()


@pytest.fixture
def outlet(app, settings: Settings, gateway: SmsGateway) -> Iterator[Settings]:
    changed = dataclasses.replace(
        settings,
        sms_url=gateway.url,
        sms_templates="fair=SMS_1,fair.en=SMS_2",
        base_url="https://placement.example",
    )
    app.config["SETTINGS"] = changed
    yield changed
    app.config["SETTINGS"] = settings


@pytest.fixture
def report(app, outlet: Settings):
    """Report to the receipts' address as a gateway does; the answer."""

    def post(receipts, *, secret=SECRET, moment=None, url=None):
        body = json.dumps({"receipts": receipts}).encode()
        moment = str(int(time.time() if moment is None else moment))
        headers = {TIMESTAMP: moment, SIGNATURE: sign(secret, moment, body)}
        path = urlsplit(url or receipts_url(outlet)).path
        return app.test_client().post(path, data=body, headers=headers)

    return post


def test_an_sms_goes_out_with_template_variables_and_our_reference(tell, send, gateway, audience):
    tell(audience[:1], channels=SMS, values=FAIR | {"title": "残疾人专场招聘会"})

    send(Channel.SMS)

    delivery, (message,) = only_delivery(), gateway.taken
    assert (delivery.state, delivery.provider_ref) == ("sent", f"demo-{delivery.uid.hex[:12]}")
    assert message["reference"] == delivery.uid.hex
    assert message["to"] == audience[0].mobile
    assert message["template"] == "SMS_1"
    assert message["variables"]["url"] == "https://placement.example/fairs/1"
    assert message["variables"]["place"] == "福州"
    assert "残疾" not in json.dumps(message, ensure_ascii=False)


ANSWERS = [
    pytest.param(response(500, {}), "uncertain", "no_answer", id="500"),
    pytest.param(None, "uncertain", "no_answer", id="hung-up"),
    pytest.param(response(200, "?"), "uncertain", "no_answer", id="garbage"),
    pytest.param(response(503, {}), "pending", "throttle_deferred", id="503"),
    pytest.param(response(200, {"status": "later"}), "pending", "throttle_deferred", id="later"),
    pytest.param(
        response(200, {"status": "refused", "error": "address"}),
        "failed",
        "address_refused",
        id="no-such-number",
    ),
]


@pytest.mark.parametrize(("answer", "state", "reason"), ANSWERS)
def test_each_answer_makes_its_state(tell, send, gateway, audience, answer, state, reason):
    tell(audience[:1], channels=SMS)
    gateway.answers = lambda *_: answer

    send(Channel.SMS)

    delivery = only_delivery()
    assert (delivery.state, delivery.reason, delivery.attempts) == (state, reason, 1)


def test_a_refused_log_in_stops_the_channel(tell, send, gateway, audience):
    tell(audience[:3], channels=SMS)
    gateway.answers = lambda *_: response(401, {})

    send(Channel.SMS)

    assert [c.stopped_reason for c in troubled_channels()] == ["log_in_refused"]
    assert states() == {"pending": 3}
    assert len(gateway.requests) == 1


def test_a_gateway_that_is_away_costs_nobody_an_attempt(tell, send, audience):
    tell(audience[:3], channels=SMS)

    send(Channel.SMS, sms_url="http://key:secret@127.0.0.1:1/")

    assert states() == {"pending": 3}
    assert troubled_channels()[0].failures == 1


def test_a_receipt_is_taken_once_and_only_with_its_signature(tell, send, audience, report):
    tell(audience[:1], channels=SMS)
    send(Channel.SMS)
    delivery = only_delivery()
    receipt = {"reference": delivery.uid.hex, "status": "delivered", "id": delivery.provider_ref}

    forged = report([receipt], secret="wrong")
    replayed = report([receipt], moment=time.time() - 3600)
    elsewhere = report([receipt], url="/notices/receipts/" + "0" * 40)
    other = report([receipt | {"id": "another"}])

    assert (forged.status_code, replayed.status_code, elsewhere.status_code) == (403, 403, 404)
    assert other.get_json()["taken"] == 0
    assert only_delivery().state is DeliveryState.SENT
    assert [report([receipt]).get_json()["taken"] for _ in range(2)] == [1, 0]
    assert report([receipt | {"status": "failed"}]).get_json()["taken"] == 0
    delivery = only_delivery()
    assert (delivery.state, delivery.reason) == ("delivered", "receipt_arrived")
    story = [event.to_state.value for event in stories_of([delivery.id])[delivery.id]]
    assert story == ["pending", "claimed", "sending", "sent", "delivered"]


@pytest.mark.parametrize("before", [DeliveryState.SENDING, DeliveryState.UNCERTAIN])
def test_a_receipt_may_come_before_our_commit_and_settles_doubt(tell, audience, report, before):
    tell(audience[:1], channels=SMS)
    put(before)

    answer = report([{"reference": only_delivery().uid.hex, "status": "failed", "error": "off"}])

    assert answer.get_json()["taken"] == 1
    assert only_delivery().state is DeliveryState.FAILED
    assert only_delivery().owner is None


def test_what_cannot_be_read_is_refused(report):
    assert report([{"status": "perhaps"}]).status_code == 400
    assert report([{"reference": "nobody", "status": "delivered"}]).get_json()["taken"] == 0


@pytest.fixture
def aliyun(gateway: SmsGateway):
    """What leads to the gateway in the form of Aliyun."""
    return {
        "sms_url": f"aliyun+http://AKID:AKSECRET@127.0.0.1:{gateway.port}?sign=就业服务",
        "sms_templates": "fair=SMS_153055065",
    }


def test_aliyun_gets_a_signed_call(tell, send, gateway, audience, aliyun):
    gateway.answers = lambda *_: response(200, {"Code": "OK", "BizId": "9006^0"})
    tell(audience[:1], channels=SMS)

    send(Channel.SMS, **aliyun)

    delivery, (target, headers, body) = only_delivery(), gateway.requests[0]
    asked = {name: values[0] for name, values in parse_qs(target.partition("?")[2]).items()}
    assert (delivery.state, delivery.provider_ref) == ("sent", "9006^0")
    assert body == b""
    assert asked["OutId"] == delivery.uid.hex
    assert (asked["SignName"], asked["TemplateCode"]) == ("就业服务", "SMS_153055065")
    assert asked["PhoneNumbers"] == audience[0].mobile
    assert json.loads(asked["TemplateParam"])["title"] == "2016届春季招聘会"
    expected = authorization("AKID", "AKSECRET", target.partition("?")[2], headers)
    assert headers["authorization"] == expected


def test_the_signature_is_that_of_the_published_example():
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"

    made = authorization("YourAccessKeyId", "YourAccessKeySecret", query, headers)

    assert made.endswith("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", "failed"),
        ("isv.BUSINESS_LIMIT_CONTROL", "pending"),
        ("isv.TEMPLATE_MISSING_PARAMETERS", "failed"),
        ("SignatureDoesNotMatch", "pending"),
    ],
)
def test_codes_of_aliyun(tell, send, gateway, audience, aliyun, code, state):
    gateway.answers = lambda *_: response(200, {"Code": code})
    tell(audience[:1], channels=SMS)

    send(Channel.SMS, **aliyun)

    assert only_delivery().state == state
    assert bool(troubled_channels()) is (code == "SignatureDoesNotMatch")


def test_aliyun_reports_by_out_id(app, tell, audience, outlet, aliyun):
    app.config["SETTINGS"] = dataclasses.replace(outlet, **aliyun)
    tell(audience[:1], channels=SMS)
    put(DeliveryState.SENDING)
    item = {"out_id": only_delivery().uid.hex, "success": True, "err_code": "DELIVERED"}

    answer = app.test_client().post(
        urlsplit(receipts_url(outlet)).path, json=[item | {"biz_id": "9006^0"}]
    )

    assert answer.get_json() == {"code": 0, "msg": "taken", "taken": 1}
    assert only_delivery().state is DeliveryState.DELIVERED


@pytest.mark.parametrize(
    "changes",
    [
        {"sms_url": "https://gateway.example/"},
        {"sms_url": "ftp://a:b@gateway.example/"},
        {"sms_url": "aliyun://a:b@dysmsapi.aliyuncs.com"},
        {"sms_templates": "fairs=SMS_1"},
    ],
)
def test_settings_that_name_no_gateway_are_refused(outlet, changes):
    with pytest.raises(ConfigurationError):
        sms_gateway(dataclasses.replace(outlet, **changes))


def test_templates_by_kind_and_language():
    assert read_templates(" fair=A, fair.en=B ,") == {"fair": "A", "fair.en": "B"}
