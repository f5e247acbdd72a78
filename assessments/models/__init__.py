"""Quizzes, attempts and, in a module of their own, the answer keys."""
