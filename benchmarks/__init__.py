"""Measurements, each with its command and what a user would pick instead beside it."""
