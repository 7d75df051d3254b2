"""The database and the archive's files: tables, questions, search, migrations."""
