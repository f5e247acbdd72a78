"""Verbs of the record: storing statements along the one road, rebuilding what follows from them, keys."""
