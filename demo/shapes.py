"""Shapes: the addresses and the HTML of the content systems that outlets really use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo.dates import PAGE_STYLES
from demo.dress import OutletDress
from demo.edition import Edition
from demo.story import SECTIONS
from domain.outlets import Outlet
from domain.text import fold_for_search

TEMPLATES = Path(__file__).parent / "templates"
_SLUG_LENGTH = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """This is one line of a list: where it leads and what it says."""

    url: str
    headline: str
    sapo: str
    at: datetime


def slug(text: str) -> str:
    """A headline as it stands in an address.

    >>> slug("Cắt giảm 30 % thủ tục: doanh nghiệp được gì?")
    'cat-giam-30-thu-tuc-doanh-nghiep-duoc-gi'
    """
    words = fold_for_search(text).replace(" ", "-")
    if len(words) <= _SLUG_LENGTH:
        return words
    return words[:_SLUG_LENGTH].rpartition("-")[0]


def digest(*parts: str) -> str:
    """Hexadecimal digits that stand for the parts, the same in every run."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


def number(low: int, high: int, *parts: str) -> int:
    """A number from `low` to below `high` that stands for the parts, the same in every run."""
    return low + int(digest(*parts)[:12], 16) % (high - low)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """This is all an address is made from."""

    outlet: str
    story: str
    headline: str
    section: str
    at: datetime
    site_code: str


def _vccorp(place: Place) -> str:
    seconds = number(0, 60, place.outlet, place.story, "s")
    millis = number(0, 1000, place.outlet, place.story, "ms")
    stamp = f"{place.site_code}{place.at:%y%m%d%H%M}{seconds:02d}{millis:03d}"
    return f"/{slug(place.headline)}-{stamp}.htm"


def _post(place: Place) -> str:
    return f"/{slug(place.headline)}-post{number(100000, 999999, place.outlet, place.story)}.html"


def _hex(place: Place) -> str:
    seven = digest(place.outlet, place.story)[:7]
    section = place.section.replace("_", "-")
    return f"/{section}/{place.at:%Y%m}/{slug(place.headline)}-{seven}/"


def _bgrid(place: Place) -> str:
    return f"/{slug(place.headline)}-{number(700000, 799999, place.outlet, place.story)}.html"


def _aid(place: Place) -> str:
    return f"/{slug(place.headline)}-a{number(100000, 399999, place.outlet, place.story)}.html"


def _liferay(place: Place) -> str:
    article = number(4000000, 4999999, place.outlet, place.story)
    section = place.section.replace("_", "-")
    return f"/{section}/-/view_content/{article}-{slug(place.headline)}.html"


def _nukeviet(place: Place) -> str:
    article = number(1000, 9999, place.outlet, place.story)
    return f"/news/{place.section.replace('_', '-')}/{slug(place.headline)}-{article}.html"


ADDRESSES: Mapping[str, Callable[[Place], str]] = {
    "vccorp": _vccorp,
    "post": _post,
    "hex": _hex,
    "bgrid": _bgrid,
    "aid": _aid,
    "liferay": _liferay,
    "nukeviet": _nukeviet,
}

_SECTION_PATHS = {
    "vccorp": "/{}.htm",
    "post": "/{}/",
    "hex": "/{}/",
    "bgrid": "/{}",
    "aid": "/{}",
    "liferay": "/{}",
    "nukeviet": "/news/{}/",
}


def section_path(shape: str, section: str) -> str:
    """Where a site of this shape keeps the page of a section.

    >>> section_path("nukeviet", "thoi_su")
    '/news/thoi-su/'
    """
    return _SECTION_PATHS[shape].format(section.replace("_", "-"))


class Renderer:
    """This makes the pages of every shape from the templates."""

    def __init__(self, templates: Path = TEMPLATES) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def article(
        self,
        outlet: Outlet,
        dress: OutletDress,
        edition: Edition,
        *,
        url: str,
        related: Sequence[Link],
        latest: Sequence[Link],
    ) -> str:
        """The page of one article, with everything around it that a reader must not take."""
        return self._render(
            f"{dress.shape}/article.html",
            outlet,
            dress,
            title=edition.headline,
            url=url,
            edition=edition,
            printed_date=PAGE_STYLES[dress.page_date](edition.at),
            section_name=SECTIONS[edition.section],
            section_path=section_path(dress.shape, edition.section),
            json_ld=_json_ld(outlet, edition, url) if dress.meta == "json_ld" else "",
            tags=_tags(edition),
            related=related,
            latest=latest,
        )

    def listing(
        self,
        outlet: Outlet,
        dress: OutletDress,
        title: str,
        links: Sequence[Link],
    ) -> str:
        """A section page: headlines, sapos and times, newest first."""
        return self._render(
            f"{dress.shape}/list.html",
            outlet,
            dress,
            title=title,
            links=links,
            print_date=PAGE_STYLES[dress.page_date],
        )

    def plain(self, template: str, outlet: Outlet, dress: OutletDress, title: str) -> str:
        """A page that is no article: an error, a wall, a notice."""
        return self._render(template, outlet, dress, title=title)

    def _render(self, template: str, outlet: Outlet, dress: OutletDress, **values: object) -> str:
        menu = [(section_path(dress.shape, code), name) for code, name in SECTIONS.items()]
        return self._environment.get_template(template).render(
            outlet=outlet, dress=dress, menu=menu, **values
        )


def _json_ld(outlet: Outlet, edition: Edition, url: str) -> str:
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": edition.headline,
        "description": edition.sapo,
        "datePublished": edition.at.isoformat(),
        "dateModified": (edition.updated_at or edition.at).isoformat(),
        "publisher": {"@type": "Organization", "name": outlet.name},
    }
    if edition.author:
        # A real site writes HTML entities inside this JSON; a reader has to resolve both.
        entities = edition.author.encode("ascii", "xmlcharrefreplace").decode()
        data["author"] = {"@type": "Person", "name": entities}
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


def _tags(edition: Edition) -> list[str]:
    names = {SECTIONS[edition.section].lower()}
    names.update(name for name in _CLOUD if name in edition.sapo.lower())
    return sorted(names)


_CLOUD = ("thủ tục hành chính", "chuyển đổi số", "cán bộ", "công chức", "doanh nghiệp", "sáp nhập")
