"""Question files: the native quiz text, question by question.

Things to remember: points and weights are exact; ids are written once and never renumbered; a question that nobody
changed is written back to the byte, and nothing is written that would be read back as something else.
"""

from __future__ import annotations

from assessments.formats.answers import number_range
from assessments.formats.checks import check_course_questions, check_question, check_references
from assessments.formats.model import (
    GRADE_SHARES,
    GRADES,
    KINDS,
    Accepted,
    Answer,
    Grade,
    Kind,
    NumberRange,
    Option,
    OrderItem,
    Pair,
    Question,
    Quiz,
    ScenarioChoice,
    shares,
    without_source,
)
from assessments.formats.native import read_quiz, write_quiz
from assessments.formats.questions import NotWritable, read_question, write_question

__all__ = [
    "GRADES",
    "GRADE_SHARES",
    "KINDS",
    "Accepted",
    "Answer",
    "Grade",
    "Kind",
    "NotWritable",
    "NumberRange",
    "Option",
    "OrderItem",
    "Pair",
    "Question",
    "Quiz",
    "ScenarioChoice",
    "check_course_questions",
    "check_question",
    "check_references",
    "number_range",
    "read_question",
    "read_quiz",
    "shares",
    "without_source",
    "write_question",
    "write_quiz",
]
