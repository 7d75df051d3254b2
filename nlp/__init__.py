"""The language: text to relevance, areas, agencies, form, tone; near-copies."""
