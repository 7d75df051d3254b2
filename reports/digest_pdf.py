"""The digest as PDF, typeset without a system library: its letters are embedded."""

from __future__ import annotations

import json
import logging
import re
from typing import BinaryIO

from domain.errors import UsageError
from domain.figures import Digest
from reports import digest_view as view
from reports.json import plain
from reports.typesetting import typeset
from reports.vietnamese import local
from reports.wording import DIGEST_SHEET, template_text

log = logging.getLogger(__name__)
_NAME = re.compile(r"[\"`]([^\"`]+)[\"`]|: (\w[\w.-]*)$")


def write(digest: Digest, stream: BinaryIO) -> None:
    """Write the pages; what came from outside is data of the template, never part of it."""
    files = {
        "main.typ": template_text(DIGEST_SHEET, digest.templates).encode(),
        "data.json": json.dumps(plain(view.fields(digest)), ensure_ascii=False).encode(),
    }
    try:
        stream.write(typeset(files, "pdf", made=local(digest.generated_at)))
    except RuntimeError as error:
        log.info("the sheet cannot be typeset", extra={"reason": str(error)})
        raise UsageError(
            f"Mẫu {DIGEST_SHEET} không dùng được: viết sai{_named(error)}. Sửa mẫu, hoặc chép lại "
            "mẫu gốc bằng diembao templates export."
        ) from error


def _named(error: RuntimeError) -> str:
    """The name that the typesetting program stumbled over, in quotes; "" where it tells none."""
    found = _NAME.search(str(error))
    return f" ở “{found[1] or found[2]}”" if found else ""
