"""Truth: what a crawl of the demo press should find, to be held against what it found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.placement import PageState, Placement, Release, Variant
from demo.site import Press, Printed, read_press, without_tracking
from domain.codes import Area, Content, OutletKind


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpectedPlacement:
    """This is one placement as a perfect reader would record it."""

    story_id: str
    outlet_id: str
    outlet_kind: OutletKind
    url: str
    headline: str
    #: The sapo the outlet shows where it can be read: on the page, or in its list.
    description: str
    #: Paragraphs separated by a newline; "" where only the list could be read.
    body: str
    author: str
    credit: str
    content: Content
    #: When it was published; None where neither the page nor the list that was read says so.
    published_at: datetime | None
    variant: Variant
    is_copy: bool
    relevant: bool
    areas: tuple[Area, ...]
    focus: tuple[str, ...]
    mention: tuple[str, ...]
    form: str
    tone: str
    audience: str
    aspect: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpectedRelease:
    """This is a release of a portal and the press that carried it."""

    story_id: str
    portal_id: str
    released_at: datetime
    #: First press placement minus release: negative where the press was first, None where never.
    pickup: timedelta | None
    carried_by: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """This holds addresses found against addresses expected."""

    expected: int
    found: int
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]


def expected_placements(as_of: datetime | None = None) -> tuple[ExpectedPlacement, ...]:
    """Every placement of the demo press, newest first."""
    press = read_press(as_of)
    return tuple(_expected(press, printed) for printed in press.printed())


def _expected(press: Press, printed: Printed) -> ExpectedPlacement:
    placement, edition = printed.placement, printed.edition
    story = press.stories[placement.story]
    readable = placement.page is PageState.OK
    return ExpectedPlacement(
        story_id=story.id,
        outlet_id=placement.outlet,
        outlet_kind=press.outlets[placement.outlet].kind,
        url=printed.url,
        headline=edition.headline,
        description=edition.sapo,
        body="\n".join(edition.paragraphs) if readable else "",
        author=edition.author,
        credit=edition.credit,
        content=Content.PAGE if readable else Content.FEED,
        published_at=edition.at if readable or _list_is_dated(press, placement) else None,
        variant=placement.variant,
        is_copy=placement.is_copy,
        relevant=story.relevant,
        areas=story.areas,
        focus=story.focus,
        mention=story.mention,
        form=story.form,
        tone=story.tone,
        audience=story.audience,
        aspect=story.aspect,
    )


def _list_is_dated(press: Press, placement: Placement) -> bool:
    sources = press.dresses[placement.outlet].sources
    return any(source.kind == "rss" and source.date != "none" for source in sources)


def expected_releases() -> tuple[ExpectedRelease, ...]:
    """Every declared release with the delay that its placements really show."""
    press = read_press()
    return tuple(_release(press, release) for release in press.declared.releases)


def _release(press: Press, release: Release) -> ExpectedRelease:
    placed = [p for p in press.declared.placements if p.story == release.story]
    released_at = next(p.at for p in placed if p.outlet == release.portal)
    carried = [p.at for p in placed if press.outlets[p.outlet].kind is not OutletKind.PORTAL]
    return ExpectedRelease(
        story_id=release.story,
        portal_id=release.portal,
        released_at=released_at,
        pickup=min(carried) - released_at if carried else None,
        carried_by=len(carried),
    )


def compare(found: Iterable[str], as_of: datetime | None = None) -> Comparison:
    """Hold the addresses a crawl stored against the placements it should have found."""
    expected = {placement.url for placement in expected_placements(as_of)}
    seen = {without_tracking(url) for url in found}
    return Comparison(
        expected=len(expected),
        found=len(expected & seen),
        missing=tuple(sorted(expected - seen)),
        unexpected=tuple(sorted(seen - expected)),
    )
