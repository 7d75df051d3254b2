"""The documents: nothing in them is stale, broken, or of one machine alone."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from cli.docs import FOLDER, pages
from cli.main import COMMANDS, program
from domain.periods import PeriodKind, reporting_period

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.vi.md")
#: Folders of one machine, and hosts of package registries; written so that this file has none.
_PLACES = "|".join(("work", "tmp", "root", "home"))
MACHINE = re.compile(rf"(?<![\w.~$)}}<-])/(?:{_PLACES})(?:/|\b)")
REGISTRY = re.compile(r"\b(?:pypi|pythonhosted|npmjs)[.](?:org|com)\b")
FENCED = re.compile(r"^ *```sh\n(?P<lines>.*?)^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)\s#]+)(?:#[^)]*)?\)")


def project_files() -> list[Path]:
    """Files of the project as version control sees them."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True, text=True, encoding="utf-8",
        ).stdout  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: what belongs to the project is not known")
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file()]


def shown(readme: str) -> list[list[str]]:
    """The commands of the shell blocks, as words."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    blocks = [match["lines"] for match in FENCED.finditer(text)]
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [shlex.split(line) for line in lines if line]


@pytest.mark.parametrize("name", ["settings.md", "cli.md"])
def test_made_pages_say_what_the_program_says(name):
    kept = (FOLDER / name).read_text(encoding="utf-8")
    assert kept == pages()[name], "run: python -m cli.docs"


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_names_every_command_and_no_other(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert set(re.findall(r"`diembao ([a-z]+)", text)) == set(COMMANDS)


@pytest.mark.parametrize("readme", READMES)
def test_the_commands_a_readme_shows_can_be_typed(readme):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = shown(readme)
    assert {"make", "diembao"} <= {words[0] for words in commands}
    for words in commands:
        if words[0] == "make":
            assert set(words[1:]) <= targets, words
        if words[0] == "diembao":
            assert parse(words[1:]) in COMMANDS, words


def parse(words: list[str]) -> str:
    """Let the command's own parser read the words; the name of the command."""
    with click.Context(program) as context:
        _, (name, *rest), _ = program.make_parser(context).parse_args(list(words))
        command = program.get_command(context, name)
        assert command is not None, name
    with click.Context(command) as context:
        command.make_parser(context).parse_args(rest)
    return name


def test_a_command_that_is_shown_wrongly_is_noticed():
    with pytest.raises(click.NoSuchOption):
        parse(["search", "--agancy", "BNV"])


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *FOLDER.rglob("*.md")], ids=lambda path: path.name
)
def test_links_lead_somewhere(page):
    for found in LINK.finditer(page.read_text(encoding="utf-8")):
        target = found["target"]
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("place", _PLACES.split("|"))
def test_a_place_of_one_machine_is_noticed(place):
    assert MACHINE.search(f'"/{place}/somewhere"')
    assert MACHINE.search(f"in /{place}.")
    assert not MACHINE.search(f"http://bao.test/{place}/bai.htm")


def test_no_file_knows_the_machine_it_was_written_on():
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            where = f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
            assert not MACHINE.search(line), where
            assert not REGISTRY.search(line), where


def test_pictures_are_small():
    for picture in (FOLDER / "img").iterdir():
        assert picture.stat().st_size < 200_000, picture.name


@pytest.mark.parametrize("kind", ["quy-1", "6-thang", "quy-3", "nam"])
def test_the_glossary_gives_the_windows_as_they_are_counted(kind):
    period = reporting_period(2026, PeriodKind(kind))
    rows = (FOLDER / "glossary.md").read_text(encoding="utf-8").splitlines()
    year = " of the year before" if period.start.year == 2025 else ""
    days = f"| {period.start:%d/%m}{year} to {period.end:%d/%m}"
    assert [row for row in rows if days in row and f"| {period.deadline:%d/%m} |" in row]
