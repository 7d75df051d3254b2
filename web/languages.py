"""The two languages of the pages: Vietnamese, in which they are written, and English."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import jinja2

from domain.codes import (
    AREA_NAMES,
    ASPECT_NAMES,
    AUDIENCE_NAMES,
    CONTENT_NAMES,
    FORM_NAMES,
    OUTLET_KIND_NAMES,
    ROLE_NAMES,
    TONE_NAMES,
    Area,
    DatePrecision,
)
from domain.written import number as vietnamese_number
from reports.vietnamese import UNKNOWN_MARK, local, minute, moment
from reports.vietnamese import day as written_day
from web.front_files import address, live_address
from web.spoken import speaking

LANGUAGES: Final = {"vi": "Tiếng Việt", "en": "English"}
_FOLDER: Final = Path(__file__).parent
_UNITS: Final = {"hours": "giờ", "days": "ngày", "outlets": "báo"}
#: Vietnamese names of codes, by the kind of code.
NAMES: Final[dict[str, dict[Any, str]]] = {
    "area": {str(code): name for code, name in AREA_NAMES.items()},
    "form": dict(FORM_NAMES),
    "tone": dict(TONE_NAMES),
    "audience": dict(AUDIENCE_NAMES),
    "aspect": dict(ASPECT_NAMES),
    "kind": {str(code): name for code, name in OUTLET_KIND_NAMES.items()},
    "content": {str(code): name for code, name in CONTENT_NAMES.items()},
    "role": {str(code): name for code, name in ROLE_NAMES.items()},
}


@cache
def environments() -> dict[str, jinja2.Environment]:
    """The templates in each language; every text put into them is escaped."""
    return {language: _environment(language) for language in LANGUAGES}


def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; what it lacks is said in Vietnamese."""
    return gettext.translation("messages", _FOLDER / "locale", [language], fallback=True)


def _environment(language: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    told = translations(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        told.gettext, told.ngettext, newstyle=True
    )
    number = _numbers(language)
    environment.filters |= {
        "number": number,
        "percent": _percent(number),
        "shown": _shown(number, told.gettext),
        "day": _day,
        "minute": minute,
        "moment": lambda at, precision: moment(at, DatePrecision(precision)),
        "clock": lambda at: f"{local(at):%H:%M}",
        "iso": lambda at: local(at).isoformat(timespec="minutes"),
        "web_address": web_address,
        "say": told.gettext if language == "vi" else speaking(told.gettext),
        "named": lambda code, kind: told.gettext(NAMES[kind].get(str(code), str(code))),
    }
    environment.globals |= {
        "language": language,
        "languages": LANGUAGES,
        "areas": tuple(Area),
        "day_precision": DatePrecision.DAY,
        "unknown_mark": UNKNOWN_MARK,
        "static": address,
        "live": live_address(),
    }
    return environment


def _numbers(language: str) -> Callable[..., str]:
    if language == "vi":
        return vietnamese_number

    def number(value: float, decimals: int = 0) -> str:
        return f"{value:,.{decimals}f}"

    return number


def _percent(number: Callable[..., str]) -> Callable[[float | None], str]:
    def percent(share: float | None) -> str:
        return UNKNOWN_MARK if share is None else f"{number(share * 100, 1)}%"

    return percent


def _shown(
    number: Callable[..., str], say: Callable[[str], str]
) -> Callable[[float | None, str], str]:
    """A value in its unit, as `reports.profile.shown` writes it in Vietnamese."""

    def shown(value: float | None, unit: str) -> str:
        if value is None:
            return UNKNOWN_MARK
        if unit == "share":
            return f"{number(value * 100, 1)}%"
        if unit == "index":
            return number(value, 2)
        digits = 0 if float(value).is_integer() and unit != "hours" else 1
        named = f" {say(_UNITS[unit])}" if unit in _UNITS else ""
        return f"{number(value, digits)}{named}"

    return shown


def _day(value: date | datetime) -> str:
    return written_day(local(value).date() if isinstance(value, datetime) else value)


def web_address(written: str) -> str:
    """An address that a link may lead to, "" where it is none of the web.

    >>> web_address("https://bao.test/1"), web_address("javascript:alert(1)")
    ('https://bao.test/1', '')
    """
    try:
        scheme = urlsplit(written).scheme
    except ValueError:
        return ""
    return written if scheme in ("http", "https") else ""
