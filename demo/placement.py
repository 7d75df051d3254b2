"""Placements: which outlet ran which story, when, and how much it changed the text."""

from __future__ import annotations

import tomllib
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.clock import VIETNAM
from domain.errors import UsageError
from domain.validation import explain

FILE = Path(__file__).parent / "placements.toml"


class Variant(StrEnum):
    """This says how the text of a placement relates to the story as first written."""

    ORIGINAL = "original"
    REPRINT = "reprint"
    EDITED = "edited"
    UPDATED = "updated"


class PageState(StrEnum):
    """This says what answers at the address that the feed announces."""

    OK = "ok"
    MISSING = "missing"  # 404
    GONE = "gone"  # 410
    ROBOTS = "robots"  # refused by robots.txt
    CAPTCHA = "captcha"  # a page that asks whether the reader is human


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Placement(_Declared):
    """This is one appearance of a story in one outlet."""

    story: str
    outlet: str
    at: datetime
    variant: Variant
    page: PageState = PageState.OK
    #: Replaces the headline (an edited copy always has its own).
    headline: str = ""
    #: Replaces the sapo: the changed lead of an edited copy.
    sapo: str = ""
    #: Paragraphs left out, counted from 1.
    drop: tuple[int, ...] = ()
    #: Paragraphs that lose their last sentence, counted from 1.
    trim: tuple[int, ...] = ()
    #: A closing paragraph of the outlet's own.
    adds: str = ""
    #: When the text was changed after publication; with `adds`, the variant ``updated``.
    updated_at: datetime | None = None

    @field_validator("at", "updated_at")
    @classmethod
    def _in_vietnam(cls, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        if moment.tzinfo is None:
            raise ValueError("giờ phải có múi, ví dụ 2026-07-02T08:15:00+07:00")
        return moment.astimezone(VIETNAM)

    @property
    def is_copy(self) -> bool:
        """Whether another outlet's text stands here, as it was or a little changed."""
        return self.variant in (Variant.REPRINT, Variant.EDITED)


class Release(_Declared):
    """This is an agency's release and how long the press took to carry it."""

    story: str
    portal: str
    #: Hours from the release to the first press placement; negative where the press was first;
    #: None where no outlet ever carried it.
    pickup_hours: float | None = None


class Placements(_Declared):
    """These are all placements and releases of the demo press."""

    releases: tuple[Release, ...] = ()
    placements: tuple[Placement, ...] = Field(min_length=1)

    def standing_at(self, moment: datetime | None) -> tuple[Placement, ...]:
        """The placements published by `moment`, with later changes undone; all of them if None."""
        if moment is None:
            return self.placements
        return tuple(_as_of(p, moment) for p in self.placements if p.at <= moment)


def _as_of(placement: Placement, moment: datetime) -> Placement:
    if placement.updated_at is None or placement.updated_at <= moment:
        return placement
    return placement.model_copy(
        update={"variant": Variant.ORIGINAL, "adds": "", "updated_at": None}
    )


def read_placements(path: Path = FILE) -> Placements:
    """Read the declared placements; raises `UsageError` naming the file and the fault."""
    try:
        return Placements.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"Không đọc được {path}: {error}. Sửa dòng đó rồi chạy lại.") from error
    except ValidationError as error:
        raise UsageError(explain(error, str(path), Placements)) from error
