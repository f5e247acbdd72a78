"""What is a statement and what is none, requirement by requirement (xAPI 1.0.3 part two; IEEE 9274.1.1, 4.2)."""
