"""Migrations of the database, run by `storage.forms.init_database`."""
