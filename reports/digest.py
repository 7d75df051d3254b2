"""The one-page digest of a day (điểm báo), in the forms it is sent in."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, Final

from domain.errors import UsageError
from domain.figures import Digest
from domain.validation import unknown
from reports import digest_docx, digest_html

#: Form: how it is written. A new form is one function and one line here.
DIGEST_FORMS: Final[dict[str, Callable[[Digest, BinaryIO], None]]] = {
    "html": digest_html.write,
    "docx": digest_docx.write,
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
