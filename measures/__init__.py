"""Rows in, numbers out: the plan's qualities."""
