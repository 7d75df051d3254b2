"""Children that do not outlive the process that works with them.

A process that is killed cannot end its children. One that crawled on would write into a segment
that the next run takes over; one that waits for pages would wait for ever.
"""

from __future__ import annotations

import multiprocessing
import os
import threading


def leave_with_parent() -> None:
    """Let this process end at once when the one that started it is gone."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        # Nothing is tidied: what is whole on disk is whole, and nobody waits for the rest.
        os._exit(1)

    threading.Thread(target=wait, name="leave with parent", daemon=True).start()
