"""SMS by Aliyun: the call SendSms (version 2017-05-25), signed by ACS3-HMAC-SHA256.

Facts from help.aliyun.com: the V3 request and signature, SendSms, its error codes, and the push
SmsReport. Aliyun signs no report, so that the secret address to which it reports, our unguessable
`out_id` and its own `biz_id` prove one. A variable takes 35 letters at most.
"""

import datetime as dt
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from placement.notices.channels.gateway import HttpRequest, UnreadableReceiptError
from placement.notices.channels.link import ErrorClass, Letter, Receipt, Reply, Verdict
from placement.notices.channels.numbers import template_of, wire_number

_VERSION = "2017-05-25"
_LONGEST_VARIABLE = 35
_NO_SUCH_NUMBER = {"isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT"}
_THROTTLED = {
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DAY_LIMIT_CONTROL",
    "isp.SYSTEM_ERROR",
    "isp.RAM_PERMISSION_DENY.RETRY",
    "Throttling",
    "Throttling.User",
    "ServiceUnavailable",
}
# What no second try and no other message would change.
_STOPPED = {
    "isv.AMOUNT_NOT_ENOUGH": "gateway_unpaid",
    "isv.OUT_OF_SERVICE": "gateway_unpaid",
    "isv.ACCOUNT_ABNORMAL": "log_in_refused",
    "isv.ACCOUNT_NOT_EXISTS": "log_in_refused",
    "isp.RAM_PERMISSION_DENY": "log_in_refused",
    "isv.SMS_SIGNATURE_ILLEGAL": "sender_refused",
    "isv.SIGN_NAME_ILLEGAL": "sender_refused",
    "InvalidAccessKeyId.NotFound": "log_in_refused",
    "InvalidAccessKeyId.Inactive": "log_in_refused",
    "SignatureDoesNotMatch": "log_in_refused",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AliyunGateway:
    """Aliyun's short message service under one access key and one signing name."""

    url: str
    key: str
    secret: str
    sign_name: str
    templates: Mapping[str, str]

    def write(self, letter: Letter) -> HttpRequest | Reply:
        """Write and sign the call for a letter; a kind without a template is refused."""
        number, template = wire_number(letter.address), template_of(letter, self.templates)
        if number is None:
            return Reply(verdict=Verdict.REFUSED, error=ErrorClass.ADDRESS)
        if template is None:
            return Reply(verdict=Verdict.REFUSED, error=ErrorClass.CONTENT)
        variables = {
            name: value if value.startswith("http") else value[:_LONGEST_VARIABLE]
            for name, value in letter.content.variables.items()
        }
        query = canonical_query(
            {
                "PhoneNumbers": number.removeprefix("+86").removeprefix("+"),
                "SignName": self.sign_name,
                "TemplateCode": template,
                "TemplateParam": json.dumps(variables, ensure_ascii=False),
                "OutId": letter.reference,
            }
        )
        headers = {
            "host": urlsplit(self.url).netloc,
            "x-acs-action": "SendSms",
            "x-acs-version": _VERSION,
            "x-acs-date": letter.written_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        }
        headers["Authorization"] = authorization(self.key, self.secret, query, headers)
        return HttpRequest(target=f"/?{query}", headers=headers)

    def read(self, status: int, body: bytes) -> Reply:
        """Say what an answer means by its `Code`; one without leaves the message in doubt."""
        try:
            answer = json.loads(body)
            said = str(answer["Code"])
        except (ValueError, KeyError, TypeError):
            return Reply(verdict=Verdict.UNKNOWN, code=status, error=ErrorClass.SERVER)
        if said == "OK":
            number = str(answer.get("BizId") or "")[:100] or None
            return Reply(verdict=Verdict.ACCEPTED, code=status, reference=number)
        if said in _STOPPED:
            return Reply(
                verdict=Verdict.DEFERRED,
                code=status,
                error=ErrorClass.AUTH,
                stop_reason=_STOPPED[said],
            )
        if said in _THROTTLED:
            return Reply(verdict=Verdict.DEFERRED, code=status, error=ErrorClass.THROTTLE)
        error = ErrorClass.ADDRESS if said in _NO_SUCH_NUMBER else ErrorClass.CONTENT
        return Reply(verdict=Verdict.REFUSED, code=status, error=error)

    def read_receipts(self, _headers: Mapping[str, str], body: bytes) -> list[Receipt]:
        """Read the reports of SmsReport."""
        found = json.loads(body)
        if not isinstance(found, list):
            raise UnreadableReceiptError("no JSON array")
        return [_receipt(item) for item in found]


def canonical_query(values: Mapping[str, str]) -> str:
    """Write parameters in the order of their names, encoded by RFC 3986."""
    return "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(values.items()))


def authorization(key: str, secret: str, query: str, headers: Mapping[str, str]) -> str:
    """Return the header Authorization for a POST without a body whose `headers` are signed."""
    names = sorted(name for name in headers if name == "host" or name.startswith("x-acs-"))
    canonical = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    signed = ";".join(names)
    request = "\n".join(["POST", "/", query, canonical, signed, headers["x-acs-content-sha256"]])
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={signed},Signature={signature}"


def _receipt(item: Any) -> Receipt:
    if not isinstance(item, dict) or not isinstance(item.get("success"), bool):
        raise UnreadableReceiptError("a report says whether it succeeded")
    return Receipt(
        reference=str(item.get("out_id", "")),
        arrived=item["success"],
        provider_ref=str(item["biz_id"]) if item.get("biz_id") else None,
        error=str(item.get("err_code") or "")[:100] or None,
    )
