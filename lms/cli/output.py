"""How commands answer: one JSON object for programs, plain lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import click

from lms.app import create_app
from lms.kernel.db import reading, transaction


class Answer(dict[str, Any]):
    """What a command found, in the shape of docs/commands.md; `refused` makes it end with exit code 1.

    `told` are the plain lines for people where the content is not to be listed key by key. An empty answer prints
    nothing: its command has written everything itself.
    """

    refused = False
    told: Sequence[str] = ()

    @classmethod
    def refusing(cls, content: Mapping[str, Any]) -> Answer:
        answer = cls(content)
        answer.refused = True
        return answer

    @staticmethod
    def refusal(reason: str, *, as_json: bool) -> None:
        """Say why nothing was done."""
        if as_json:
            click.echo(json.dumps({"refused": reason}, ensure_ascii=False))
        else:
            click.echo(reason, err=True)


def command(*, commits: bool = True) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Run a verb within the application and a unit of work, and print what it answers."""

    def wrap(verb: Callable[..., Answer]) -> Callable[..., None]:
        @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
        @wraps(verb)
        def run(*args: Any, as_json: bool, **kwargs: Any) -> None:
            with create_app().app_context(), transaction() if commits else reading():
                answer = verb(*args, **kwargs)
            show(answer, as_json=as_json)
            if answer.refused:
                sys.exit(1)

        return run

    return wrap


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer."""
    if not answer:
        return
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, default=str))
        return
    for line in answer.told or lines(answer):
        click.echo(line)


def lines(content: Mapping[str, Any], indent: str = "") -> list[str]:
    """An answer as plain lines, nested parts indented."""
    found: list[str] = []
    for key, value in content.items():
        if isinstance(value, Mapping):
            found += [f"{indent}{key}:", *lines(value, indent + "  ")]
        elif isinstance(value, list):
            found.append(f"{indent}{key}: {len(value)}")
            found += [f"{indent}  {_one_line(item)}" for item in value]
        else:
            found.append(f"{indent}{key}: {value}")
    return found


def _one_line(item: Any) -> str:
    if isinstance(item, Mapping):
        return "  ".join(f"{key}={value}" for key, value in item.items())
    return str(item)
