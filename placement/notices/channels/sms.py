"""SMS: which gateway takes them, by PLACEMENT_SMS_URL, and where it may report back."""

import hmac
import re
from urllib.parse import parse_qs, unquote, urlsplit

from placement.config import Settings
from placement.errors import ConfigurationError
from placement.keys import keyring
from placement.notices.channels.gateway import Gateway
from placement.notices.channels.sms_aliyun import AliyunGateway
from placement.notices.channels.sms_json import JsonGateway
from placement.notices.models import NoticeKind

_PLACE = "notices.receipts"
_KINDS = set(NoticeKind)
_TEMPLATE = re.compile(r"\s*([a-z_]+)(?:\.(\w+))?\s*=\s*(\S+)\s*")


def sms_gateway(settings: Settings) -> Gateway:
    """The gateway of PLACEMENT_SMS_URL, by its scheme. Raises ConfigurationError."""
    try:
        parts = urlsplit(settings.sms_url)
        host = parts.hostname + (f":{parts.port}" if parts.port else "") if parts.hostname else ""
    except ValueError as error:
        raise ConfigurationError("PLACEMENT_SMS_URL cannot be read.") from error
    key, secret = unquote(parts.username or ""), unquote(parts.password or "")
    if not host or not key or not secret:
        raise ConfigurationError(
            "PLACEMENT_SMS_URL names no gateway with a key and a secret.",
            remedy="Give it as https://key:secret@host/path.",
        )
    templates = read_templates(settings.sms_templates)
    if parts.scheme in {"http", "https"}:
        return JsonGateway(
            url=f"{parts.scheme}://{host}",
            path=parts.path or "/",
            key=key,
            secret=secret,
            templates=templates,
            receipts_url=receipts_url(settings),
        )
    if parts.scheme in {"aliyun", "aliyun+http"}:
        scheme = "http" if parts.scheme.endswith("http") else "https"
        sign = parse_qs(parts.query).get("sign", [""])[-1]
        if not sign:
            raise ConfigurationError("PLACEMENT_SMS_URL needs the name that signs: ?sign=NAME.")
        return AliyunGateway(
            url=f"{scheme}://{host}", key=key, secret=secret, sign_name=sign, templates=templates
        )
    raise ConfigurationError(
        f"There is no SMS gateway of the kind {parts.scheme}.",
        remedy="Give https:// for the signed JSON format or aliyun:// for Aliyun.",
    )


def read_templates(text: str) -> dict[str, str]:
    """Read PLACEMENT_SMS_TEMPLATES: by kind, and by `kind.locale` where one differs.

    Raises ConfigurationError.
    """
    found = {}
    for part in filter(str.strip, text.split(",")):
        match = _TEMPLATE.fullmatch(part)
        if match is None or match[1] not in _KINDS:
            raise ConfigurationError(
                f"PLACEMENT_SMS_TEMPLATES cannot be read at {part.strip()}.",
                remedy="Give it as fair=SMS_1,fair.en=SMS_2.",
            )
        found[f"{match[1]}.{match[2]}" if match[2] else match[1]] = match[3]
    return found


def receipts_url(settings: Settings) -> str:
    """Where a gateway reports back. Nobody can guess it; formats with signatures prove more."""
    return f"{settings.base_url.rstrip('/')}/notices/receipts/{_token()}"


def is_receipts_token(token: str) -> bool:
    """Whether somebody knows the secret part of that address."""
    return hmac.compare_digest(token.encode(), _token().encode())


def _token() -> str:
    return keyring().blind_index(_PLACE, "sms").hex()[:40]
