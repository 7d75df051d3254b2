"""What a crawl that failed in its own process says to the operator."""

from __future__ import annotations

import errno
from multiprocessing import Pipe

import pytest

from domain.errors import DiembaoError
from pipeline.crawl import _received


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "đĩa đã đầy"),
        (ValueError("mã lạ"), "mã lạ"),
    ],
)
def test_why_a_crawl_broke_off_is_said_in_words(failure: Exception, said: str) -> None:
    receiver, sender = Pipe(duplex=False)
    sender.send(failure)
    with pytest.raises(DiembaoError, match=said):
        _received(receiver)
