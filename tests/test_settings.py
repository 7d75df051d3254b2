"""Settings: every field explained, every mistake named with what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from domain.errors import UsageError
from domain.outlets import read_outlets
from domain.settings import Settings, parse_settings, read_settings

ROOT = Path(__file__).parents[1]


def sections() -> dict[str, type[BaseModel]]:
    return {name: field.annotation for name, field in Settings.model_fields.items()}


def test_the_shipped_file_names_every_setting_and_its_help():
    text = " ".join((ROOT / "config.toml").read_text(encoding="utf-8").split())
    text = text.replace("# ", "")
    for name, section in sections().items():
        assert f"[{name}]" in text
        for key, field in section.model_fields.items():
            assert f"{key} = " in text, f"{name}.{key}"
            assert field.description in text, f"{name}.{key}"


def test_the_shipped_file_says_what_the_defaults_are_and_watches_declared_outlets():
    shipped = read_settings(ROOT / "config.toml")
    book = read_outlets(ROOT / "crawlers" / "outlets").only(shipped.crawl.outlets)
    assert all(outlet.sources for outlet in book)
    assert shipped.plan.folder == str(ROOT / "ke-hoach")
    same = shipped.model_copy(
        update={
            "crawl": shipped.crawl.model_copy(update={"outlets": ()}),
            "plan": shipped.plan.model_copy(update={"folder": ""}),
        }
    )
    assert same == Settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crawl]\ndelay_second = 1", "“crawl.delay_second”. Có phải “delay_seconds”?"),
        ("[craw]\n", "“craw”. Có phải “crawl”?"),
        ("[crawl]\ndelay_seconds = -1", "“crawl.delay_seconds” = -1: chỉ nhận giá trị từ 0"),
        ('[crawl]\ndelay_seconds = "x"', "“crawl.delay_seconds” = 'x': phải là số"),
        ("[crawl]\noutlets = 3", "“crawl.outlets” = 3: phải là một danh sách"),
        ('[report]\nwindow = "thang"', "'bao-cao'"),
        ('[schedule]\ncrawl = "25:00"', "“schedule.crawl” = '25:00'"),
        ('[crawl]\nuser_agent = "Điểm Báo"', "crawl.user_agent"),
        ('[crawl]\nbind_address = "may-hai"', "“may-hai” không phải địa chỉ IP"),
        ("[crawl\n", "cú pháp TOML"),
        ("crawl = 1", "“crawl” = 1: phải là một bảng"),
    ],
)
def test_a_mistake_is_named_with_its_place(text, said):
    with pytest.raises(UsageError) as error:
        parse_settings(text, "cau-hinh.toml")
    assert said in str(error.value)
    assert "cau-hinh.toml" in str(error.value)
    assert error.value.exit_code == 2


def test_a_relative_folder_is_meant_from_the_file_that_names_it(tmp_path):
    text = '[crawl]\noutlets_folder = "bao"\n[plan]\nfolder = "kh"'
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    settings = read_settings(tmp_path / "config.toml")
    assert settings.crawl.outlets_folder == str(tmp_path / "bao")
    assert settings.plan.folder == str(tmp_path / "kh")


def test_a_missing_file_says_where_one_comes_from(tmp_path):
    with pytest.raises(UsageError, match=r"khong-co\.toml.*--config"):
        read_settings(tmp_path / "khong-co.toml")


def test_a_file_in_another_encoding_is_named(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes("# tệp".encode("utf-16"))
    with pytest.raises(UsageError, match=r"config\.toml"):
        read_settings(path)
