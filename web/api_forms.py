"""What the API answers, field by field: names and codes are those of `diembao search --json`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from domain.agencies import Agency
from domain.clock import VIETNAM
from domain.outlets import Outlet
from storage.article_pages import ArticleText
from storage.search import Hit


class ApiAgencyTag(BaseModel):
    """This is an agency that an article names."""

    id: str
    role: str = Field(description="focus or mention")


class ApiArticle(BaseModel):
    """This is one article with its decided tags."""

    id: int
    url: str
    headline: str
    description: str
    outlet: str
    published_at: datetime | None = Field(description="null where the outlet printed no time")
    first_seen_at: datetime
    relevant: bool
    topics: list[str]
    agencies: list[ApiAgencyTag]
    content: str = Field(description="feed, page or manual: what of the article was read")


class ApiArticlePage(BaseModel):
    """This is one page of articles, the newest first."""

    articles: list[ApiArticle]
    next: str | None = Field(description="give it as `before` to go on; null on the last page")


class ApiArticleWhole(ApiArticle):
    """This is one article with its text and everything said of it."""

    body: str
    story: int
    form: str
    tone: str
    audience: str
    aspect: str
    corrected: bool = Field(description="whether a person decided at least one tag")
    model_version: str
    sha256: str = Field(description="of the archived page that it was read from")


class ApiStory(BaseModel):
    """This is one story: the original and every placement, the first one first."""

    id: int
    original: int
    outlets: int
    placements: list[ApiArticle]


class ApiAgency(BaseModel):
    """This is one agency over a span of days in which its name did not change."""

    id: str
    name: str
    kind: str
    valid_from: str | None
    valid_to: str | None


class ApiOutlet(BaseModel):
    """This is one watched outlet and how it stands."""

    id: str
    name: str
    kind: str
    level: str
    province: str
    state: str


class ApiAgencies(BaseModel):
    """This is the register of agencies."""

    version: str
    agencies: list[ApiAgency]


class ApiOutlets(BaseModel):
    """These are the watched outlets."""

    outlets: list[ApiOutlet]


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(VIETNAM) if moment else None


def article_of_hit(hit: Hit) -> ApiArticle:
    """An article found."""
    return ApiArticle(
        id=hit.id,
        url=hit.url,
        headline=hit.headline,
        description=hit.description,
        outlet=hit.outlet_id,
        published_at=_local(hit.published_at),
        first_seen_at=hit.first_seen_at.astimezone(VIETNAM),
        relevant=hit.relevant,
        topics=list(hit.areas),
        agencies=[ApiAgencyTag(id=agency, role=role) for agency, role in hit.agencies],
        content=hit.content,
    )


def article_of_text(found: ArticleText) -> ApiArticleWhole:
    """An article whole."""
    return ApiArticleWhole(
        **_fields(found),
        body=found.body,
        story=found.story_id,
        form=found.form,
        tone=found.tone,
        audience=found.audience,
        aspect=found.aspect,
        corrected=found.corrected,
        model_version=found.model_version,
        sha256=found.sha256,
    )


def placement_of(found: ArticleText) -> ApiArticle:
    """An article without its text."""
    return ApiArticle(**_fields(found))


def _fields(found: ArticleText) -> dict[str, Any]:
    return {
        "id": found.id,
        "url": found.url,
        "headline": found.headline,
        "description": found.description,
        "outlet": found.outlet_id,
        "published_at": _local(found.published_at),
        "first_seen_at": found.first_seen_at.astimezone(VIETNAM),
        "relevant": found.relevant,
        "topics": list(found.areas),
        "agencies": [ApiAgencyTag(id=agency, role=role) for agency, role in found.agencies],
        "content": found.content.value,
    }


def agency_of(agency: Agency) -> ApiAgency:
    """An agency as the register has it."""
    return ApiAgency(
        id=agency.id,
        name=agency.official_name,
        kind=agency.kind,
        valid_from=agency.valid_from.isoformat() if agency.valid_from else None,
        valid_to=agency.valid_to.isoformat() if agency.valid_to else None,
    )


def outlet_of(outlet: Outlet, state: str) -> ApiOutlet:
    """An outlet as it is declared, and how it stands."""
    return ApiOutlet(
        id=outlet.id,
        name=outlet.name,
        kind=outlet.kind,
        level=outlet.level,
        province=outlet.province,
        state=state,
    )
