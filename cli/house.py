"""What the common options name: an installation, opened when a command needs it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from cli.progress import progress_on, remarks_on
from domain.clock import system_clock
from domain.settings import Settings, read_settings
from pipeline.context import Context
from pipeline.opening import at_home, open_context


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """This is the configuration and the home folder that a command works on."""

    config: Path
    home: Path

    def settings(self) -> Settings:
        """The settings; a missing or wrong file is a `UsageError`."""
        return at_home(read_settings(self.config), self.home)

    def open(self, *, create: bool = False) -> Context:
        """The installation, ready for the stages."""
        return open_context(
            self.settings(),
            self.home,
            clock=system_clock,
            progress=progress_on(sys.stderr),
            remark=remarks_on(sys.stderr),
            create=create,
        )
