"""Mail leaves by SMTP, through a gateway, into files or into memory, chosen by URL; one recipient a mail."""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from contest.infra.disk import write_durably
from contest.infra.guard import assert_outside_transaction
from contest.infra.http_gateway import HttpGateway, Undelivered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TIMEOUT_SECONDS = 20
_PERMANENT = 500  # SMTP replies from here on say: do not try again
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\"]+")


@dataclass(frozen=True)
class Message:
    """A mail to one recipient: a bare address, one line of subject, plain text.

    headers: further ones; a `Message-ID` of the caller's makes a repeated sending recognisable.
    Raises ValueError for anything that could add a header or a recipient.
    """

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _ADDRESS.fullmatch(self.to):
            raise ValueError("not one bare mail address")
        for name, value in (("Subject", self.subject), *self.headers.items()):
            if _CONTROL.search(value) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
                raise ValueError(f"a header that cannot be: {name!r}")


class Mailer(Protocol):
    """Sends mail."""

    def send(self, message: Message) -> str:
        """Hand over one mail and return its Message-ID; raises Undelivered.

        Raises BytesInsideTransactionError while a unit of work is open.
        """
        ...


def mailer_for(url: str, sender: str, token: str = "") -> Mailer:
    """The mailer of a URL, sending as `sender` (`이름 <address>` or an address).

    `smtp://user:password@host:port?starttls=1`, `smtps://…`, `https://gateway/path` with its token,
    `file:/absolute/folder`, `memory:`. Construction does no I/O.
    """
    parts = urlsplit(url)
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] == "1"
        secure = parts.scheme == "smtps"
        port = parts.port or (465 if secure else 587 if starttls else 25)
        login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        if login is not None and not "".join(login).isascii():
            raise ValueError("smtplib can send only ASCII user names and passwords")
        return SmtpMailer(sender, parts.hostname, port, login, secure=secure, starttls=starttls)
    if parts.scheme in {"http", "https"} and parts.hostname:
        return GatewayMailer(sender, HttpGateway(url, token))
    if parts.scheme == "file" and Path(unquote(parts.path)).is_absolute():
        return FileMailer(sender, Path(unquote(parts.path)))
    if parts.scheme == "memory":
        return MemoryMailer(sender)
    raise ValueError(f"mail of an unknown kind: {parts.scheme}")


class SmtpMailer:
    """Over one SMTP connection a mail; certificates are checked."""

    def __init__(
        self,
        sender: str,
        host: str,
        port: int,
        login: tuple[str, str] | None,
        *,
        secure: bool,
        starttls: bool,
    ) -> None:
        self.sender = sender
        self.login = login
        self.starttls = starttls
        self._connect: Callable[[], smtplib.SMTP]
        if secure:
            self._connect = lambda: smtplib.SMTP_SSL(
                host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            self._connect = lambda: smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)

    def send(self, message: Message) -> str:
        """Hand the mail to the relay; a refusal with a 5xx reply is permanent."""
        assert_outside_transaction("sending mail")
        mail = _compose(message, self.sender)
        try:
            with self._connect() as connection:
                if self.starttls:
                    connection.starttls(context=ssl.create_default_context())
                if self.login is not None:
                    connection.login(*self.login)
                connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise Undelivered(f"recipient refused ({code})", permanent=code >= _PERMANENT) from error
        except smtplib.SMTPAuthenticationError as error:  # our own mistake: once mended, the mail can go
            raise Undelivered(f"login refused ({error.smtp_code})", permanent=False) from error
        except smtplib.SMTPResponseException as error:
            permanent = error.smtp_code >= _PERMANENT
            raise Undelivered(f"refused ({error.smtp_code})", permanent=permanent) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(type(error).__name__, permanent=False) from error
        return str(mail["Message-ID"])


class GatewayMailer:
    """One POST a mail: {from, to, subject, text}; the Message-ID is the key of repetition."""

    def __init__(self, sender: str, gateway: HttpGateway) -> None:
        self.sender = sender
        self.gateway = gateway

    def send(self, message: Message) -> str:
        """Hand the mail to the gateway."""
        identity = str(_compose(message, self.sender)["Message-ID"])
        document = {"from": self.sender, "to": message.to, "subject": message.subject, "text": message.text}
        self.gateway.post(document, identity)
        return identity


class FileMailer:
    """One durable .eml file a mail; a repeated Message-ID leaves the first file as it is."""

    def __init__(self, sender: str, folder: Path) -> None:
        self.sender = sender
        self.folder = folder

    def send(self, message: Message) -> str:
        """Write the mail; returns when it is on disk."""
        mail = _compose(message, self.sender)
        identity = str(mail["Message-ID"])
        name = hashlib.sha256(identity.encode()).hexdigest()[:32] + ".eml"
        try:
            write_durably(self.folder, name, mail.as_bytes(), create_only=True)
        except FileExistsError:
            return identity
        except OSError as error:
            raise Undelivered(type(error).__name__, permanent=False) from error
        return identity


class MemoryMailer:
    """Keeps what was sent, for tests and previews."""

    def __init__(self, sender: str) -> None:
        self.sender = sender
        self.sent: list[Message] = []

    def send(self, message: Message) -> str:
        """Keep the mail."""
        assert_outside_transaction("sending mail")
        mail = _compose(message, self.sender)
        self.sent.append(message)
        return str(mail["Message-ID"])


def _compose(message: Message, sender: str) -> EmailMessage:
    """The mail as it travels: Korean in encoded words, the text as UTF-8."""
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = sender
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = message.subject
    mail["Date"] = formatdate()
    mail["Auto-Submitted"] = "auto-generated"  # so that no holiday reply comes back
    for name, value in message.headers.items():
        mail[name] = value
    if "Message-ID" not in mail:
        mail["Message-ID"] = make_msgid(domain=mail["From"].addresses[0].domain or "localhost")
    mail.set_content(message.text, charset="utf-8", cte="base64")
    return mail
