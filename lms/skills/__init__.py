"""Frameworks, levels, role profiles, evidence, attainments and certificates.

Things to remember: not assessed is not level 0; a self-rating never counts for coverage; what was attained is stored
here, what a requirement makes of it is computed in `lms.requirements`.
"""
