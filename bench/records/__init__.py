"""Figures of the record: storing statements, storing them beside Ralph, and finding them among a million."""
