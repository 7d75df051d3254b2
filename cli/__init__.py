"""The command `diembao`: a door."""
