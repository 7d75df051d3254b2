"""Makes the command-line library speak Vietnamese."""

from __future__ import annotations

import gettext
import os
from pathlib import Path


def speak_vietnamese() -> None:
    """Point gettext, through which click says everything, at our catalogue."""
    # click asks the process's catalogue each time it speaks; the language is not the user's choice
    # here: everything an officer reads is Vietnamese.
    os.environ["LANGUAGE"] = "vi"
    gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))
    gettext.textdomain("messages")
