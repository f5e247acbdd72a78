"""The record in exchange with others: files out and files in."""
