"""Pages of this room: start, questions and review without keys; submission and results with them."""

from assessments.views import adjustments, attempts, quizzes, results
from assessments.views.adjustments import extra_time_link
from assessments.views.blueprint import blueprint

__all__ = ["adjustments", "attempts", "blueprint", "extra_time_link", "quizzes", "results"]
