"""Migrations of the database, run by `storage.database.init_database`."""
