"""Opening the models: apart from the rest, for they take a second to load."""

from __future__ import annotations

from pathlib import Path

from domain.agencies import AgencyRegister, read_register
from domain.settings import Settings
from domain.taxonomy import read_taxonomy
from nlp.tagger import Tagger, load_tagger


def open_tagger(settings: Settings, register: AgencyRegister | None = None) -> Tagger:
    """The tagger with the configured model."""
    folder = Path(settings.tag.model_folder) if settings.tag.model_folder else None
    return load_tagger(
        register=register or read_register(), taxonomy=read_taxonomy(), model_folder=folder
    )
