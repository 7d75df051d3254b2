"""Dress: how each demo outlet looks and misbehaves, beside its ordinary declaration.

``outlets/<id>.toml`` says how the crawler should read an outlet, in the form of any real outlet;
``press.toml`` says how the server shows it. The two are kept apart: nothing of the second may help
the crawler.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import UsageError
from domain.validation import explain

FILE = Path(__file__).parent / "press.toml"


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceDress(_Declared):
    """This is one list an outlet serves, with its quirks."""

    path: str
    #: ``html`` is a feed address that answers with a page.
    kind: Literal["rss", "section", "html"] = "rss"
    #: Section codes it lists; empty is all.
    sections: tuple[str, ...] = ()
    date: Literal[
        "us_order", "short_year", "colon_zone", "short_zone", "gmt7", "rfc822", "none"
    ] = "rfc822"
    #: ``image``: CDATA with a linked picture, then text; ``related``: text, then a list of links;
    #: ``sparse``: every third item has none.
    description: Literal["plain", "image", "related", "sparse"] = "plain"
    #: Blanks around CDATA titles.
    blanks: bool = False
    #: The newest item is listed again, with tracking parameters.
    repeats: bool = False
    #: One item has no link.
    malformed: bool = False
    #: ``etag_lies``: one ETag whatever the content; ``503_once``: the first request fails.
    trouble: Literal["", "etag_lies", "503_once"] = ""


class OutletDress(_Declared):
    """This is how one outlet is shown."""

    shape: Literal["vccorp", "post", "hex", "bgrid", "aid", "liferay", "nukeviet"]
    #: The name that copies credit: "Theo <signature>".
    signature: str
    #: The licence line at the foot of each page.
    licence: str
    #: The first three digits of an address that carries its time.
    site_code: str = "100"
    page_date: str
    #: What the head of the page says of the time: Open Graph with or without zone, JSON-LD, none.
    meta: Literal["og_naive", "og_zone", "json_ld", "none"] = "none"
    #: The path that robots.txt refuses.
    disallow: str
    house_style: tuple[tuple[str, str], ...] = ()
    sources: tuple[SourceDress, ...] = Field(min_length=1)


class _File(_Declared):
    outlets: dict[str, OutletDress]


def read_dresses(path: Path = FILE) -> dict[str, OutletDress]:
    """The dress of each outlet, by its id."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).outlets
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"Không đọc được {path}: {error}. Sửa dòng đó rồi chạy lại.") from error
    except ValidationError as error:
        raise UsageError(explain(error, str(path), _File)) from error
