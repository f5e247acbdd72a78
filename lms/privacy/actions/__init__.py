"""Verbs about a person's data: erasing somebody, saying how long records are kept, and letting them go."""
