"""Licences: nothing under the GPL or AGPL runs with us; weaker copyleft is listed."""

from __future__ import annotations

import importlib.metadata as metadata
import re
from pathlib import Path

from packaging.requirements import Requirement

LISTED = (Path(__file__).parents[1] / "docs" / "licences.md").read_text(encoding="utf-8")


def installed_with(name: str, seen: dict[str, str]) -> dict[str, str]:
    """The licence of everything that is installed at run time with a package, by name."""
    package = metadata.distribution(name)
    key = package.metadata["Name"].lower()
    if key in seen:
        return seen
    said = [package.metadata.get("License-Expression") or package.metadata.get("License") or ""]
    said += [line for line in package.metadata.get_all("Classifier") or [] if "License" in line]
    # A licence field may hold the whole text, which names other licences in passing.
    seen[key] = " ".join(text for text in said if len(text) < 200)
    for written in package.requires or ():
        needed = Requirement(written)
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            installed_with(needed.name, seen)
    return seen


def test_no_strong_copyleft_and_the_weak_is_listed():
    licences = installed_with("diembao", {})
    assert len(licences) > 40
    for name, licence in licences.items():
        free_choice = re.search(r"\bOR\b", licence)
        if re.search(r"(?<!L)A?GPL", licence):
            assert free_choice, f"{name}: {licence}"
        if re.search(r"MPL|LGPL|Mozilla|Lesser", licence):
            assert f"`{name}`" in LISTED, f"{name}: {licence}"
