"""Outlets and their sources as they are declared today."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from domain.outlets import Outlet, Source
from storage.tables import outlets, sources
from storage.upsert import upsert


def register_outlet(connection: Connection, outlet: Outlet) -> None:
    """Keep the outlet and its declared sources as they are declared today."""
    upsert(
        connection,
        outlets,
        [
            {
                "id": outlet.id,
                "name": outlet.name,
                "kind": outlet.kind,
                "level": outlet.level,
                "province": outlet.province,
                "agency": outlet.agency,
                "domain": outlet.domains[0].host,
            }
        ],
    )
    for source in outlet.sources:
        source_id(connection, outlet.id, source)


def source_id(connection: Connection, outlet_id: str, source: Source) -> int:
    """The number of a source, given to it when first met."""
    known = connection.scalar(select(sources.c.id).where(sources.c.url == source.url))
    values = {
        "outlet_id": outlet_id,
        "url": source.url,
        "kind": source.kind,
        "section": source.section,
        "certainty": source.certainty,
    }
    if known is None:
        made = connection.execute(insert(sources).values(values)).inserted_primary_key
        assert made is not None
        return int(made[0])
    connection.execute(update(sources).where(sources.c.id == known).values(values))
    return int(known)
