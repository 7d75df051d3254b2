"""What a list says of changes: which articles it says were changed, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

#: So many articles are not changed in one minute: the list was stamped, not they.
_STAMPED_TOGETHER = 5


def believable_changes(told: Mapping[str, datetime], *, seen: datetime) -> dict[str, datetime]:
    """The changes of a list, by address, without what cannot be true.

    Nothing changed after the list was seen. Where most of a list bear one minute, and no few, it
    is the time at which the list was made; that minute says nothing of any article.
    """
    minutes = {url: int(at.timestamp()) // 60 for url, at in told.items()}
    stamps = Counter(minutes.values()).most_common(1)
    stamp, alike = stamps[0] if stamps else (None, 0)
    stamped = alike >= _STAMPED_TOGETHER and alike * 2 > len(told)
    return {
        url: at
        for url, at in told.items()
        if at <= seen and not (stamped and minutes[url] == stamp)
    }
