"""The report as a Word document: page, head, text, tables, charts, appendices."""
