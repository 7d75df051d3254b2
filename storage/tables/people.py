"""People and programs that use the system, and what they did."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.columns import Moment, metadata

#: People who may sign in.
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("full_name", Text, nullable=False, default=""),
    Column("access", String(16), nullable=False),
    #: Ids of the agencies that an officer speaks for.
    Column("agencies", JSON, nullable=False, default=list),
    #: Argon2, with its parameters.
    Column("password", Text, nullable=False),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
)

#: Open sessions, by the SHA-256 of their token.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "user_id"),
)

#: Keys of programs, by their SHA-256.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False, default=list),
    Column("created_by", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

#: Who changed, exported or signed in; triggers refuse to change or delete a line.
audit_trail = Table(
    "audit_trail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("object", Text, nullable=False, default=""),
    Column("detail", Text, nullable=False, default=""),
    Column("address", Text, nullable=False, default=""),
    Index(None, "action"),
)

#: Searches that people keep under a name.
saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    #: Articles found when its owner was last told what is new; None before the first time.
    Column("seen", JSON(none_as_null=True)),
    Index(None, "user_id"),
)
