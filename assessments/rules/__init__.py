"""Marking, drawing and timing as pure arithmetic (docs/rules.md, section 4.4).

Import the module that is meant: `keys`, `marking` and `interactions` know the right answers; `kinds`, `numbers`,
`responses`, `draws`, `timing` and `totals` do not, so that an attempt page can be kept away from the keys.
"""
