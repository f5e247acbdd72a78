"""Shapes in which statements travel in files: lines of JSON, and Parquet."""
