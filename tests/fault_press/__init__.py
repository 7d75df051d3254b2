"""A press that fails in every way a real one does: local, seeded, with a clock of its own."""
