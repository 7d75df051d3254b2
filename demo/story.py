"""Stories: what the demo press writes about, with the tags a careful reader would give.

Everything is invented. The texts live in ``stories/*.toml``, several stories a file, by theme.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.codes import Area
from domain.errors import UsageError
from domain.validation import explain

FOLDER = Path(__file__).parent / "stories"

#: Section code -> name in the menu; the code with dashes is the path of its page.
SECTIONS: Mapping[str, str] = {
    "cai_cach_hanh_chinh": "Cải cách hành chính",
    "thoi_su": "Thời sự",
    "kinh_te": "Kinh tế",
    "phap_luat": "Pháp luật",
    "ban_doc": "Bạn đọc",
    "giao_duc": "Giáo dục",
    "suc_khoe": "Sức khỏe",
    "cong_nghe": "Công nghệ",
    "the_gioi": "Thế giới",
    "the_thao": "Thể thao",
    "doi_song": "Đời sống",
}


class Story(BaseModel):
    """This is one story as its first author wrote it, and its truth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    headline: str = Field(min_length=1)
    sapo: str = Field(min_length=1)
    #: Paragraphs; written in the file as one text with an empty line between them.
    body: Annotated[tuple[str, ...], Field(min_length=4, max_length=7)]
    section: str
    author: str = Field(min_length=1)
    #: The source line under the text, where the first outlet itself prints one.
    credit: str = ""
    areas: tuple[Area, ...] = ()
    #: Agencies whose reform action is the news; where no area is, those the news is about.
    focus: tuple[str, ...] = ()
    mention: tuple[str, ...] = ()
    form: Literal["tin", "bai", "phong_van", "binh_luan", "van_ban", "hoi_dap"] = "tin"
    tone: Literal["tich_cuc", "trung_tinh", "phe_phan", "hon_hop"] = "trung_tinh"
    audience: Literal["cbcc", "nguoi_dan", "doanh_nghiep", "chung"] = "chung"
    aspect: Literal["trien_khai", "ket_qua", "chinh_sach", "vuong_mac", "na"] = "na"

    @field_validator("body", mode="before")
    @classmethod
    def _in_paragraphs(cls, written: str) -> tuple[str, ...]:
        blocks = written.strip().split("\n\n")
        return tuple(" ".join(block.split()) for block in blocks)

    @field_validator("section")
    @classmethod
    def _is_known(cls, section: str) -> str:
        if section not in SECTIONS:
            raise ValueError(f"không có chuyên mục {section!r}")
        return section

    @property
    def relevant(self) -> bool:
        """Whether the story is about administrative reform."""
        return bool(self.areas)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    story: tuple[Story, ...]


def read_stories(folder: Path = FOLDER) -> dict[str, Story]:
    """Every story by its id, in the order of the files."""
    stories: dict[str, Story] = {}
    for path in sorted(folder.glob("*.toml")):
        for story in _read_file(path):
            if story.id in stories:
                raise UsageError(f"{path}: hai bài cùng mã “{story.id}”. Đổi mã một bài.")
            stories[story.id] = story
    return stories


def _read_file(path: Path) -> tuple[Story, ...]:
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).story
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"Không đọc được {path}: {error}. Sửa dòng đó rồi chạy lại.") from error
    except ValidationError as error:
        raise UsageError(explain(error, str(path), _File)) from error
