"""`diembao tag --in - --out -` on bad input: an answer or an error for each line, and the rest goes
on."""

from __future__ import annotations

import json
import time
import unicodedata

import pytest

from cli.tag_stream import read_line, tag_lines
from domain.agencies import read_register
from domain.taxonomy import read_taxonomy
from nlp.tagger import Tagger, load_tagger
from tests.test_cli import diembao

GOOD = {"id": "tot", "title": "Bộ Nội vụ cắt giảm thủ tục hành chính tại bộ phận một cửa"}
TCVN3 = "Bé Néi vô ®Èy m¹nh c¶i c¸ch hµnh chÝnh, c¾t gi¶m thñ tôc hµnh chÝnh t¹i bé phËn mét cöa"
VNI = "Boä Noäi vuï ñaåy maïnh caûi caùch haønh chính, caét giaûm thuû tuïc haønh chính"
LOST = "B\ufffd N\ufffdi v\ufffd c\ufffdt gi\ufffdm th\ufffd t\ufffdc hành chính"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger(register=read_register(), taxonomy=read_taxonomy())


class Sink:
    """This keeps what was written and told."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.told: list[str] = []

    def write(self, text: str) -> int:
        self.written.append(text)
        return len(text)

    def flush(self) -> None:
        pass


def run(tagger: Tagger, *lines: bytes) -> tuple[int, list[dict], list[str]]:
    sink = Sink()
    failed = tag_lines(tagger, lines, sink, sink.told.append)  # type: ignore[arg-type]
    return failed, [json.loads(line) for line in sink.written], sink.told


def one(**fields: object) -> bytes:
    return json.dumps({"id": "x", "title": "", **fields}, ensure_ascii=False).encode() + b"\n"


BAD = {
    "no JSON": (b"khong phai JSON\n", "không phải JSON hợp lệ (từ cột 1)"),
    "cut off": (b'{"id": "x", "title": "Th\n', "không phải JSON hợp lệ"),
    "two objects": (b'{"id": 1}{"id": 2}\n', "không phải JSON hợp lệ"),
    "a list": (b"[1, 2]\n", "phải là một đối tượng JSON"),
    "a number": (b"12\n", "phải là một đối tượng JSON"),
    "null": (b"null\n", "phải là một đối tượng JSON"),
    "no id": (b'{"title": "a"}\n', "thiếu “id”"),
    "id null": (b'{"id": null}\n', "“id” phải là chuỗi ký tự hoặc số nguyên"),
    "id a list": (b'{"id": [1]}\n', "“id” phải là chuỗi ký tự hoặc số nguyên"),
    "id half a picture": (b'{"id": "\\ud83d"}\n', "“id” có ký tự hỏng"),
    "title a number": (b'{"id": 1, "title": 5}\n', "“title” phải là chuỗi ký tự"),
    "text a list": (b'{"id": 1, "text": ["a"]}\n', "“text” phải là chuỗi ký tự"),
    "no title": (b'{"id": "x"}\n', "thiếu “title”"),
    "url a number": (b'{"id": 1, "title": "Tin", "url": 3}\n', "“url” phải là chuỗi ký tự"),
    "no day": (one(published_at="hom qua"), "không phải ngày ISO 8601"),
    "day out of range": (one(published_at="9999-12-31T23:00:00-05:00"), "không phải ngày ISO 8601"),
    "nested without end": (b"[" * 200_000 + b"\n", "JSON"),
    "number without end": (b'{"id": ' + b"9" * 5_000 + b"}\n", "có số quá dài"),
    "latin-1 bytes": ('{"id": 1, "title": "thé"}\n'.encode("latin-1"), "không phải UTF-8"),
    "utf-16": ('{"id": 1}'.encode("utf-16"), "không phải UTF-8"),
    "TCVN3": (one(title=TCVN3), "ở “title”: TCVN3"),
    "TCVN3 text": (one(title="Tin", text=TCVN3), "ở “text”: TCVN3"),
    "VNI": (one(title=VNI), "ở “title”: VNI"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "told"), BAD.values(), ids=BAD)
def test_a_line_that_cannot_be_used_is_told_and_the_next_is_tagged(
    tagger: Tagger, line: bytes, told: str
) -> None:
    good = json.dumps(GOOD).encode() + b"\n"
    failed, found, said = run(tagger, good, line, good)
    assert (failed, [each["id"] for each in found]) == (1, ["tot", "tot"])
    assert said[0].startswith("Dòng 2: ") and told in said[0]


READ = {
    "empty title": one(),
    "headline as search writes it": b'{"id": "x", "headline": "Tin", "description": "Sapo."}\n',
    "title null": one(title=None, text=None, url=None, outlet=None, published_at=None),
    "one word": one(title="Tin"),
    "English": one(title="The city council met on Monday", text="It approved the budget."),
    "a damaged address": one(title="Tin", url="http://[khong-dong"),
    "control characters": one(title="a\u0000b\u200b\ufeff", text="\u001b[0m"),
    "half a picture": b'{"id": "x", "title": "Tin \\ud83d"}\n',
    "a trade mark": one(title="Nestlé® ra mắt sữa, café ngon"),
    "unclosed script": one(title="Tin", text="<script>" * 2_000),
    "extra fields": one(title="Tin", khac={"a": 1}),
    "byte order mark": b"\xef\xbb\xbf" + one(title="Tin"),
    "carriage return": one(title="Tin").replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("line", READ.values(), ids=READ)
def test_a_strange_text_gets_an_answer(tagger: Tagger, line: bytes) -> None:
    failed, (found,), told = run(tagger, line)
    assert (failed, told, found["id"]) == (0, [], "x")
    assert (found["relevant"], found["topics"]) == (False, [])


def test_empty_lines_are_no_lines(tagger: Tagger) -> None:
    assert run(tagger, b"\n", b"  \r\n", b"") == (0, [], [])


SAME = {
    "decomposed": unicodedata.normalize("NFD", GOOD["title"]),
    "entities": "B&#7897; N&#7897;i v&#7909; cắt giảm thủ tục hành chính tại bộ phận một cửa",
    "markup": f"<p><b>{GOOD['title']}</b></p><style>p {{}}</style><script>tag('Bộ Y tế')</script>",
    "utf-8 read as latin": GOOD["title"].encode().decode("latin-1"),
    "utf-8 read as windows": GOOD["title"].encode().decode("cp1252", "replace"),
}


@pytest.mark.parametrize("title", SAME.values(), ids=SAME)
def test_one_text_however_it_came(tagger: Tagger, title: str) -> None:
    _, (plain,), _ = run(tagger, one(title=GOOD["title"]))
    failed, (found,), _ = run(tagger, one(title=title))
    assert failed == 0 and found["relevant"]
    assert found["agencies"] == plain["agencies"]


def test_text_that_lost_its_letters_is_an_error_and_never_an_answer(tagger: Tagger) -> None:
    failed, found, told = run(tagger, one(title="Tin", text=LOST))
    assert (failed, found) == (1, [])
    assert "bị hỏng bảng mã (ở “text”: mất" in told[0]


def test_five_megabytes_on_one_line(tagger: Tagger) -> None:
    began = time.process_time()
    failed, (found,), _ = run(tagger, one(title=GOOD["title"], text="<script " * 625_000))
    assert failed == 0 and found["relevant"]
    assert time.process_time() - began < 5


def test_script_and_style_are_no_text() -> None:
    read = read_line('{"id": 1, "text": "a<script>var x = \'Bộ Y tế\'</script>b<style>c</style>"}')
    assert read.text == "a b "


def test_the_exit_status_tells() -> None:
    def tag(typed: str) -> tuple[int, str]:
        said = diembao("--config", "khong-can.toml", "tag", "--in", "-", "--out", "-", stdin=typed)
        return said.status, said.err

    assert tag(json.dumps(GOOD)) == (0, "")
    status, told = tag("hong\n" + json.dumps(GOOD))
    assert status == 1
    assert "Dòng 1: không phải JSON hợp lệ" in told and "1 dòng không gắn nhãn được" in told
