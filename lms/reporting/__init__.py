"""Coverage, completions, gaps, exports and snapshots.

Things to remember: ratio of sums, never mean of ratios; no denominator, no figure (None, never 0 %); round for
display only; a person is counted at the agency of the day, so a move changes no earlier figure.
"""
