"""The ways by which a notice leaves: e-mail and a webhook, with the standard library alone.

Only `crawlers/` asks the press; these speak to the operator's own servers and to nobody else.
"""

from __future__ import annotations

import json
import smtplib
import ssl
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from domain.errors import DiembaoError, UsageError, os_reason
from domain.settings import NoticeSettings

#: Called with a subject and a text; a `DiembaoError` where nobody took them.
Courier = Callable[[str, str], None]

_WAIT_SECONDS = 20.0


def couriers(settings: NoticeSettings) -> list[Courier]:
    """The ways that are configured."""
    ways: list[Courier] = []
    if settings.smtp_host and settings.email_to:
        ways.append(partial(send_mail, settings))
    if settings.webhook_url:
        ways.append(partial(post, settings.webhook_url))
    return ways


def send_mail(
    settings: NoticeSettings, subject: str, text: str, *, html: str = "", message_id: str = ""
) -> None:
    """Send a mail to every address of the settings; `html` says the same as the text.

    With a `message_id` a mailbox that is given the mail twice can tell.
    """
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = settings.email_from
    message["To"] = ", ".join(settings.email_to)
    if message_id:
        message["Message-ID"] = message_id
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    password = _password(settings)
    try:
        with _connected(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        reason = os_reason(error) if isinstance(error, OSError) else str(error)
        raise DiembaoError(
            f"Không gửi được thư qua {settings.smtp_host}:{settings.smtp_port}: {reason}. "
            "Kiểm tra các mục smtp_… ở [notices]."
        ) from error


def _connected(settings: NoticeSettings) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "ssl":
        return smtplib.SMTP_SSL(
            host, port, timeout=_WAIT_SECONDS, context=ssl.create_default_context()
        )
    server = smtplib.SMTP(host, port, timeout=_WAIT_SECONDS)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _password(settings: NoticeSettings) -> str:
    if not settings.smtp_password_file:
        return ""
    path = Path(settings.smtp_password_file)
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UsageError(
            f"Không đọc được tệp mật khẩu {path}: {os_reason(error)}. "
            "Sửa smtp_password_file ở mục [notices]."
        ) from error


_CHECK_SETTING = "Kiểm tra webhook_url ở mục [notices]."


def post(url: str, subject: str, text: str, *, remedy: str = _CHECK_SETTING) -> None:
    """Post a JSON object to a webhook; `text` alone is what the usual chat services show."""
    body = json.dumps({"subject": subject, "text": f"{subject}\n{text}"}, ensure_ascii=False)
    try:
        request = urllib.request.Request(
            url, data=body.encode(), headers={"Content-Type": "application/json; charset=utf-8"}
        )
        with urllib.request.urlopen(request, timeout=_WAIT_SECONDS):
            pass
    except (OSError, ValueError) as error:
        # The address may hold a secret: its host alone is named.
        host = url.split("/")[2] if url.count("/") >= 2 else url
        reason = getattr(error, "reason", None) or error
        raise DiembaoError(f"Không gửi được cảnh báo tới {host}: {reason}. {remedy}") from error
