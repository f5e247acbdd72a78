"""A person's data: what is known of somebody, what goes when, and how somebody is forgotten.

Things to remember
- Erasing somebody leaves a person without a name: past counts stay what they were.
- Nothing goes by age unless a rule says so, and nothing at all goes while a legal hold keeps it.
- Every table with a personal column stands in `rules/tables.py` with what an erasure does to it; a test says so.
"""
