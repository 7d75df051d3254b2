"""The tables of a report, one module a subject; every format writes the same ones."""
