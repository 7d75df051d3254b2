"""Small real stand-ins shared by the tests."""

from __future__ import annotations

from typing import Any

from domain.codes import Level, OutletKind
from domain.outlets import Domain, Outlet, Source


def outlet(outlet_id: str, **changes: Any) -> Outlet:
    """A declared outlet with one feed, on a host named after it."""
    values: dict[str, Any] = {
        "id": outlet_id,
        "name": f"Báo {outlet_id}",
        "kind": OutletKind.PRESS,
        "level": Level.NATIONAL,
        "domains": (Domain(host=f"{outlet_id}.test"),),
        "sources": (Source(url=f"https://{outlet_id}.test/rss"),),
    }
    return Outlet(**(values | changes))
