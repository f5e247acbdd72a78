"""The chain of schema changes, numbered, each going forward only."""
