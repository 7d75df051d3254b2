"""The documentation as a site: it builds, fetches nothing, shows small pictures, says what is."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from cli.docs import FOLDER, pages
from cli.main import COMMANDS
from pipeline.jobs import JOBS
from tests.clockwork import ROOT
from tests.test_docs import parse, shown

OFFICERS = sorted((FOLDER / "officers").glob("*.md"))
#: What a browser would fetch by itself to show a page.
FETCHED = re.compile(
    r"<(?:script|img|iframe)[^>]+src=\"(?:https?:)?//|<link[^>]+rel=\"(?:stylesheet|preconnect)\""
    r"[^>]+href=\"(?:https?:)?//"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "default"},
    )  # fmt: skip
    assert built.returncode == 0, built.stderr[-3000:]
    return folder


def test_every_page_of_the_documents_is_a_page_of_the_site(site):
    for page in FOLDER.rglob("*.md"):
        assert (site / page.relative_to(FOLDER).with_suffix(".html")).exists(), page.name


def test_the_site_fetches_nothing_from_elsewhere(site):
    for page in site.rglob("*.html"):
        assert not FETCHED.search(page.read_text(encoding="utf-8")), page.name


def test_the_page_of_the_routes_says_what_the_api_says():
    kept = (FOLDER / "api-routes.md").read_text(encoding="utf-8")
    assert kept == pages()["api-routes.md"], "run: python -m cli.docs"


@pytest.mark.parametrize("page", OFFICERS, ids=lambda page: page.name)
def test_the_commands_an_officer_is_shown_can_be_typed(page):
    for words in shown(str(page.relative_to(ROOT))):
        assert words[0] == "diembao" and parse(words[1:]) in COMMANDS


def test_pictures_of_the_pages_are_small_and_each_is_shown():
    text = "".join(page.read_text(encoding="utf-8") for page in OFFICERS)
    pictures = list((FOLDER / "officers" / "img").iterdir())
    assert len(pictures) >= 8
    for picture in pictures:
        assert picture.stat().st_size < 150_000, picture.name
        assert f"(img/{picture.name})" in text, picture.name


def test_the_timetable_of_the_operator_has_every_job():
    text = (FOLDER / "operating.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE))
    assert set(JOBS) <= listed


def test_whoever_changes_the_program_is_sent_to_files_that_are_there():
    text = (FOLDER / "developers.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_]+/[a-z_/.-]*)`", text)
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []
