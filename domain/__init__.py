"""The words everyone shares: records, agencies through time, areas, plans, periods, settings."""
