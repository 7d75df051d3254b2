"""The yearly communication plans, one TOML file each."""
