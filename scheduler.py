"""The clock: named jobs that call functions of pipeline/."""
