"""The sentences of a report, one module a subject; numbers come as they are printed."""
