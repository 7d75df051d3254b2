"""The digest of a day (điểm báo), in the forms it is sent in."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import BinaryIO, Final

from domain.errors import UsageError
from domain.figures import Digest
from domain.validation import unknown


def _later(module: str) -> Callable[[Digest, BinaryIO], None]:
    """The `write` of a module that is loaded when it is first called: some take a while."""

    def write(digest: Digest, stream: BinaryIO) -> None:
        importlib.import_module(module).write(digest, stream)

    return write


#: Form: how it is written. A new form is one module with a `write`, and one line here.
DIGEST_FORMS: Final[dict[str, Callable[[Digest, BinaryIO], None]]] = {
    "html": _later("reports.digest_html"),
    "docx": _later("reports.digest_docx"),
    "pdf": _later("reports.digest_pdf"),
}


def write_digest(digest: Digest, stream: BinaryIO, form: str) -> None:
    """Write the digest in a named form; an unknown form is a `UsageError`."""
    try:
        write = DIGEST_FORMS[form]
    except KeyError:
        raise UsageError(
            f"{unknown('dạng điểm báo', form, DIGEST_FORMS)} "
            f"Các dạng có sẵn: {', '.join(DIGEST_FORMS)}."
        ) from None
    write(digest, stream)
