"""Answers and options in words, as the learner saw them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from markupsafe import Markup

from assessments.rules.numbers import write_number
from assessments.rules.responses import Chosen, Entered, Matched, Ordered, Response, Unanswered, Written
from courses.formats.markdown import render_inline


@lru_cache(maxsize=8192)
def inline(text: str) -> Markup:
    """A line of Markdown as it stands in a page."""
    return Markup(render_inline(text))


def further_text(html: str, registration: UUID) -> Markup:
    """Further text of a quiz or question; its pictures come from the player of the same enrolment."""
    return Markup(html.replace('src="media/', f'src="/learn/{registration}/media/'))


def plain_words(text: str) -> str:
    """A line of Markdown without its marks, where no markup can stand."""
    return inline(text).striptags()


def option_words(choices: Any) -> dict[str, str]:
    """The plain words of every option, item or side, by its id."""
    match choices:
        case list():
            listed = choices
        case {"left": list() as left, "right": list() as right}:
            listed = [*left, *right]
        case _:
            listed = []
    return {option["id"]: plain_words(option["text"]) for option in listed}


def answer_words(choices: Any, response: Response) -> str:
    """An answer in words; empty if unanswered."""
    words = option_words(choices)
    match response:
        case Unanswered():
            return ""
        case Chosen(options):
            return "; ".join(text for name, text in words.items() if name in options)
        case Written(text):
            return text
        case Entered(number):
            unit = choices.get("unit", "") if isinstance(choices, dict) else ""
            return f"{write_number(number)} {unit}".strip()
        case Matched(pairs):
            given = dict(pairs)
            return "; ".join(f"{text} → {words[given[name]]}" for name, text in words.items() if name in given)
        case Ordered(items):
            return "; ".join(f"{place}. {words[item]}" for place, item in enumerate(items, start=1))
