"""Numbers in, bytes out: xlsx, csv, json, digest."""
