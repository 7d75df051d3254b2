"""Declared outlets, one TOML file each."""
