"""The dashboard and the JSON API: where officers look, and correct what they see wrong."""
