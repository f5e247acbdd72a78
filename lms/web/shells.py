"""Pages made once and filled for each reader: markup with gaps for what differs from one to the next.

A page of dozens of rows that are the same for everybody is made by its template once, and each request fills the gaps:
that takes a twentieth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from secrets import token_hex
from typing import Any

from flask import render_template, session
from flask_babel import get_locale
from markupsafe import Markup, escape

from lms.web.guards import current_actor
from lms.web.tokens import form_token

# Nobody can guess these, so no text of a page is taken for a gap.
_OPEN, _CLOSE = f"\ue000{token_hex(8)}(", ")\ue000"
_GAP = re.compile(f"{re.escape(_OPEN)}(.*?){re.escape(_CLOSE)}")


@dataclass(frozen=True, eq=False)
class Shell:
    """Markup with gaps: texts at even places, names of gaps at odd ones. Each is itself alone, however like another."""

    parts: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> Markup:
        """Give the markup with every gap filled; the values are markup."""
        parts = list(self.parts)
        parts[1::2] = [values[name] for name in self.parts[1::2]]
        return Markup("".join(parts))

    def partly(self, values: Mapping[str, str]) -> Shell:
        """Give the shell with some gaps filled; the others stay."""
        parts = [self.parts[0]]
        for name, text in zip(self.parts[1::2], self.parts[2::2], strict=True):
            if name in values:
                parts[-1] += values[name] + text
            else:
                parts += [name, text]
        return Shell(tuple(parts))

    def page(self, values: Mapping[str, str]) -> bytes:
        """Give the whole page as it is sent, with every gap filled."""
        texts, names = self._as_sent
        parts = [b""] * (len(texts) + len(names))
        parts[::2] = texts
        parts[1::2] = [values[name].encode() for name in names]
        return b"".join(parts)

    @cached_property
    def _as_sent(self) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
        return tuple(text.encode() for text in self.parts[::2]), self.parts[1::2]


def language() -> str:
    """The language of the present page."""
    return _spoken(current_actor().language)


@lru_cache(maxsize=100)
def _spoken(wished: str) -> str:
    """The language in which pages answer who wishes for one: nothing else of a request decides it."""
    return str(get_locale())


def gap(name: str) -> str:
    """A gap, as templates write it."""
    return f"{_OPEN}{name}{_CLOSE}"


def piece(template: str, **shown: Any) -> Shell:
    """A piece of a page."""
    return Shell(tuple(_GAP.split(render_template(template, gap=gap, **shown))))


def whole(template: str, **shown: Any) -> Shell:
    """A whole page for readers with the present reader's powers; what is his alone stands in the gaps of `own`."""
    reader = replace(current_actor(), name=gap("name"))
    own_gaps = {
        "current_actor": lambda: reader,
        "reader_initials": gap("initials"),
        "csrf_token": lambda: gap("token"),
        "flashes": gap("flashes"),
    }
    return piece(template, **own_gaps, **shown)


@lru_cache(maxsize=1000)
def _called(name: str) -> tuple[str, str]:
    """A name and its initials, as markup."""
    return str(escape(name)), str(escape("".join(part[0] for part in name.split()[:2]).upper()))


def own() -> dict[str, str]:
    """What stands in every whole page's gaps for the present reader."""
    name, initials = _called(current_actor().name)
    return {
        "name": name,
        "initials": initials,
        "token": form_token(),
        "flashes": render_template("web/_flashes.html") if "_flashes" in session else "",
    }
