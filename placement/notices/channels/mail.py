"""Mail by SMTP over a kept connection.

MAIL FROM and RCPT TO are the offer, DATA (or BDAT where the server takes it) is the handing over.
What goes wrong before the server has said 354 was certainly not sent; after it, or once BDAT is
on its way, only an answer in figures tells.
"""

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from placement.config import Settings
from placement.errors import ConfigurationError
from placement.notices.channels.link import (
    AtPoint,
    ChannelStoppedError,
    ChannelUnavailableError,
    ErrorClass,
    Letter,
    Reply,
    Verdict,
    no_point,
)
from placement.notices.channels.mime import compose, wire_address

TIMEOUT_SECONDS = 30.0
MAILS_A_CONNECTION = 100
_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")
_QUEUED_AS = re.compile(rb"(?:queued as|id=)\s*(\S+)", re.IGNORECASE)
_NO_SUCH_ADDRESS = {550, 551, 553}
_THROTTLED = {421, 450, 451, 452}
_NOT_GIVEN_AWAY = Reply(verdict=Verdict.DEFERRED, error=ErrorClass.NETWORK, stay_away=True)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail goes, out of `smtp://user:password@host:port?starttls=1`."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


def read_smtp_url(url: str) -> SmtpServer:
    """Read PLACEMENT_SMTP_URL; `smtps` is TLS from the first byte. Raises ConfigurationError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError("PLACEMENT_SMTP_URL cannot be read.") from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ConfigurationError(
            "PLACEMENT_SMTP_URL names no mail server.",
            remedy="Give it as smtp://user:password@host:port?starttls=1.",
        )
    tls = parts.scheme == "smtps"
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] in {"1", "true", "yes", "on"}
    return SmtpServer(
        host=parts.hostname,
        port=port or (465 if tls else 587 if starttls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=starttls,
        tls=tls,
    )


class MailLink:
    """One connection to the mail server, made with the first letter and now and then anew."""

    def __init__(self, settings: Settings, *, at_point: AtPoint = no_point) -> None:
        self._server = read_smtp_url(settings.smtp_url)
        self._sender = settings.mail_from
        self._at_point = at_point
        self._smtp: smtplib.SMTP | None = None
        self._sent = 0
        self._mail = b""

    def offer(self, letter: Letter) -> Reply | None:
        """Say from whom and to whom; None when the server takes mail for this address.

        Raises ChannelUnavailableError when the server is away or wants us to stay away, and
        ChannelStoppedError when it refuses our log-in or our own address.
        """
        address = wire_address(letter.address)
        if address is None:
            return Reply(verdict=Verdict.REFUSED, error=ErrorClass.ADDRESS)
        self._mail = compose(letter, address=address, sender=self._sender)
        try:
            smtp = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelUnavailableError(ErrorClass.NETWORK, str(error)) from error
        try:
            mail, rcpt = self._envelope(smtp, address)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise ChannelUnavailableError(
                ErrorClass.NETWORK, str(error), at_message=True
            ) from error
        self._require_sender(*mail)
        if rcpt[0] // 100 == 2:
            return None
        reply = self._declined(*rcpt, at_address=True)
        if reply.stay_away:
            said = f"{rcpt[0]} at the address"
            raise ChannelUnavailableError(ErrorClass.THROTTLE, said, at_message=True)
        return reply

    def hand_over(self) -> Reply:
        """Send the text and read what the server says of it."""
        smtp = self._smtp
        if smtp is None:
            return _NOT_GIVEN_AWAY
        if smtp.has_extn("chunking"):
            return self._hand_over_at_once(smtp)
        try:
            code, text = smtp.docmd("DATA")
        except (OSError, smtplib.SMTPException):
            self._drop()
            return _NOT_GIVEN_AWAY
        if code != 354:
            return self._declined(code, text)
        self._at_point("after_354")
        try:
            return self._answer(*self._transmit(smtp))
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Reply(verdict=Verdict.UNKNOWN, error=ErrorClass.NETWORK)

    def _hand_over_at_once(self, smtp: smtplib.SMTP) -> Reply:
        """Send the text with its length (RFC 3030), which spares asking whether it may come."""
        try:
            smtp.send(b"BDAT %d LAST\r\n%b" % (len(self._mail), self._mail))
            self._at_point("after_dot")
            return self._answer(*smtp.getreply())
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Reply(verdict=Verdict.UNKNOWN, error=ErrorClass.NETWORK)

    def withdraw(self) -> None:
        """Take back the envelope."""
        if self._smtp is None:
            return
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def close(self) -> None:
        """Say good-bye to the server, if it still listens."""
        if self._smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        self._drop()

    def _transmit(self, smtp: smtplib.SMTP) -> tuple[int, bytes]:
        # In one write: a second, small one would wait for the answer to the first.
        smtp.send(self._mail.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        self._at_point("after_dot")
        return smtp.getreply()

    def _answer(self, code: int, text: bytes) -> Reply:
        if code // 100 == 2:
            self._sent += 1
            queued = _QUEUED_AS.search(text)
            return Reply(
                verdict=Verdict.ACCEPTED,
                code=code,
                enhanced=_enhanced(text),
                reference=queued[1].decode("ascii", "replace")[:100] if queued else None,
            )
        if code // 100 in {4, 5}:
            return self._declined(code, text)
        self._drop()
        return Reply(verdict=Verdict.UNKNOWN, error=ErrorClass.SERVER)

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None and self._sent >= MAILS_A_CONNECTION:
            self.close()
        if self._smtp is None:
            self._smtp = self._connect()
            self._sent = 0
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        server, name = self._server, self._sender.rpartition("@")[2]
        if server.tls:
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, name, timeout=TIMEOUT_SECONDS)
        try:
            self._greet(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greet(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.starttls:
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code // 100 == 4:
                raise
            raise ChannelStoppedError("log_in_refused", "the mail server refuses") from error
        except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as error:
            raise ChannelStoppedError("no_safe_log_in", str(error)) from error

    def _envelope(
        self, smtp: smtplib.SMTP, address: str
    ) -> tuple[tuple[int, bytes], tuple[int, bytes]]:
        """Give sender and recipient, in one go where the server allows it."""
        lines = (f"MAIL FROM:<{self._sender}>\r\n", f"RCPT TO:<{address}>\r\n")
        if smtp.has_extn("pipelining"):
            smtp.send("".join(lines))
            return smtp.getreply(), smtp.getreply()
        smtp.send(lines[0])
        mail = smtp.getreply()
        if mail[0] // 100 != 2:
            return mail, mail
        smtp.send(lines[1])
        return mail, smtp.getreply()

    def _require_sender(self, code: int, text: bytes) -> None:
        if code // 100 == 2:
            return
        self.close()
        said = f"{code} {text.decode('ascii', 'replace')}"
        if code // 100 == 5:
            reason = "log_in_refused" if code in {530, 535} else "sender_refused"
            raise ChannelStoppedError(reason, said)
        raise ChannelUnavailableError(ErrorClass.THROTTLE, said)

    def _declined(self, code: int, text: bytes, *, at_address: bool = False) -> Reply:
        """Put a reply of 4xx or 5xx, or one that makes no sense, into our words."""
        stay_away = code == 421 or code // 100 not in {4, 5}
        if stay_away:
            self._drop()
        else:
            self.withdraw()
        enhanced = _enhanced(text)
        if code // 100 != 5:
            return Reply(
                verdict=Verdict.DEFERRED,
                code=code,
                enhanced=enhanced,
                error=ErrorClass.THROTTLE if code in _THROTTLED else ErrorClass.SERVER,
                stay_away=stay_away,
            )
        about_address = code in _NO_SUCH_ADDRESS if at_address else _names_address(enhanced)
        error = ErrorClass.ADDRESS if about_address else ErrorClass.CONTENT
        if at_address and not about_address:
            error = ErrorClass.SERVER
        return Reply(verdict=Verdict.REFUSED, code=code, enhanced=enhanced, error=error)

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _enhanced(text: bytes) -> str | None:
    found = _ENHANCED.match(text)
    return found[1].decode() if found else None


def _names_address(enhanced: str | None) -> bool:
    return enhanced is not None and enhanced.startswith("5.1.")
