"""Opening the models: apart from the rest, for they take a second to load."""

from __future__ import annotations

from pathlib import Path

from domain.agencies import AgencyRegister, read_register
from domain.outlets import OutletBook
from domain.settings import Settings
from domain.taxonomy import read_taxonomy
from nlp.tagger import Tagger, load_tagger


def open_tagger(
    settings: Settings,
    register: AgencyRegister | None = None,
    outlets: OutletBook | None = None,
) -> Tagger:
    """The tagger with the configured model; `outlets` tell it which papers are provincial."""
    folder = Path(settings.tag.model_folder) if settings.tag.model_folder else None
    return load_tagger(
        register=register or read_register(),
        taxonomy=read_taxonomy(),
        model_folder=folder,
        homes=homes_of(outlets) if outlets else {},
    )


def homes_of(outlets: OutletBook) -> dict[str, str]:
    """The province of each provincial outlet, by its id and by its hosts."""
    return {
        key: outlet.province
        for outlet in outlets
        if outlet.province
        for key in (outlet.id, *(domain.host.lower() for domain in outlet.domains))
    }
