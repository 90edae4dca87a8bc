"""Texts of notices: the templates of a kind, in the recipient's language, without a request.

Each kind has a folder `templates/notices/<kind>/` with `subject.txt`, `body.txt`, `body.html`
and, where it may go by SMS, `sms.txt` with the same as `name: value` lines in
`sms_variables.txt`, for gateways that fill templates of their own. The texts name no category:
see `neutral`.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import escape

from placement.notices.models import NoticeKind
from placement.notices.neutral import neutral, paragraphs
from placement.web.catalogues import CHINESE, chinese

_PACKAGE = Path(__file__).parent.parent
# Letters of no language, which no template and no filter touches.
_OPEN, _CLOSE = "\ue000", "\ue001"
_GAP = re.compile(f"{_OPEN}(\\w+){_CLOSE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What one person reads. `subject` is one line; `sms` is empty where there is no SMS."""

    subject: str
    text: str
    html: str
    sms: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What a gateway puts into its own template for an SMS."""
    sender: str = ""
    """The name that stands before the sender's address."""


@dataclass(frozen=True, slots=True)
class _Texts:
    subject: Template
    text: Template
    html: Template
    sms: Template | None
    variables: Template | None
    sender: str


class Draft:
    """The texts of a notice in one language, with gaps for what is each recipient's own.

    Templates are rendered once for a notice and not once for each of its tens of thousands of
    recipients. A personal value stands as it is: filters and conditions in a template are for
    what all have in common, apart from asking whether a value is there.
    """

    def __init__(
        self, kind: NoticeKind, locale: str, values: Mapping[str, Any], personal: Iterable[str]
    ) -> None:
        texts = _texts(kind, locale)
        given = {**values, **{name: f"{_OPEN}{name}{_CLOSE}" for name in personal}}
        self._sender = texts.sender
        subject = _one_line(texts.subject.render(given))
        self._subject = _split(subject)
        self._text = _split(texts.text.render(given).strip() + "\n")
        self._html = _split(texts.html.render(given | {"subject": subject}))
        self._sms = _split(_one_line(texts.sms.render(given)) if texts.sms else "")
        named = texts.variables.render(given) if texts.variables else ""
        self._variables = {
            name.strip(): _split(value.strip())
            for name, colon, value in (line.partition(":") for line in named.splitlines())
            if colon
        }

    def fill(self, personal: Mapping[str, str]) -> Rendered:
        """Put one recipient's values into the gaps."""
        escaped = {name: str(escape(value)) for name, value in personal.items()}
        return Rendered(
            subject=_joined(self._subject, personal),
            text=_joined(self._text, personal),
            html=_joined(self._html, escaped),
            sms=_joined(self._sms, personal),
            variables={name: _joined(parts, personal) for name, parts in self._variables.items()},
            sender=self._sender,
        )


def render(kind: NoticeKind, locale: str, values: Mapping[str, Any]) -> Rendered:
    """Put `values` into the texts of `kind` in the language of `locale` (`zh_Hans_CN` or `en`).

    Raises UndefinedError for a value that a text needs and that is not given.
    """
    return Draft(kind, locale, values, ()).fill({})


def subject_of(kind: NoticeKind, locale: str, values: Mapping[str, Any]) -> str:
    """What a message of `kind` is called, without anything that is for one person alone."""
    return _one_line(_texts(kind, locale).subject.render(values))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _split(text: str) -> list[str]:
    """Cut a text at its gaps: every second part is the name of one."""
    return _GAP.split(text)


def _joined(parts: list[str], values: Mapping[str, str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return "".join(values[part] if n % 2 else part for n, part in enumerate(parts))


def has_sms(kind: NoticeKind) -> bool:
    """Whether a kind of notice has a text for SMS."""
    return (_folder() / kind.value / "sms.txt").exists()


@functools.cache
def _texts(kind: NoticeKind, locale: str) -> _Texts:
    environment = _environment(locale)
    find = environment.get_template
    return _Texts(
        subject=find(f"{kind.value}/subject.txt"),
        text=find(f"{kind.value}/body.txt"),
        html=find(f"{kind.value}/body.html"),
        sms=find(f"{kind.value}/sms.txt") if has_sms(kind) else None,
        variables=find(f"{kind.value}/sms_variables.txt") if has_sms(kind) else None,
        sender=find("sender.txt").render().strip(),
    )


@functools.cache
def _environment(locale: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_folder()),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        extensions=["jinja2.ext.i18n"],
    )
    translations = chinese() if locale == CHINESE else NullTranslations()
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined] # added by the extension
    environment.filters["neutral"] = neutral
    environment.filters["paragraphs"] = paragraphs
    environment.filters["day"] = functools.partial(_day, locale=locale)
    environment.globals["language"] = "zh-Hans-CN" if locale == CHINESE else "en"
    return environment


@functools.lru_cache(maxsize=512)
def _day(iso: str, *, locale: str) -> str:
    """Write an ISO date as people say it: 2026年11月26日（星期四）, Thursday, November 26, 2026."""
    form = "y年M月d日（EEEE）" if locale == CHINESE else "full"
    return format_date(dt.date.fromisoformat(iso), form, locale=locale)


@functools.cache
def _folder() -> Path:
    packaged = _PACKAGE / "templates"
    return (packaged if packaged.is_dir() else _PACKAGE.parent / "templates") / "notices"
