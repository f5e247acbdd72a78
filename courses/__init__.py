"""Courses: the catalogue, drafts and publishing, enrolment, the player and progress.

Things to remember: courses never import assessments; a step that is not a lesson is opaque text here,
and its `kind` says which room reads it.
"""
