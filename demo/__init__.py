"""A small press of our own on loopback, for a first run without internet."""
