"""What a page says, for tests: tables cell by cell, and addresses."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser


class Tables(HTMLParser):
    """Collects every table of a page as rows of texts, with its caption and the attributes of its head."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.captions: list[str] = []
        self.heads: list[list[dict[str, str | None]]] = []
        self._text: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self.heads.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th", "caption"):
            self._text = []
            if tag == "th":
                self.heads[-1].append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption") and self._text is not None:
            text = " ".join("".join(self._text).split())
            if tag == "caption":
                self.captions.append(text)
            else:
                self.tables[-1][-1].append(text)
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)


def links(html: str) -> list[str]:
    """The addresses within this site that a page names."""
    return [unescape(url) for url in re.findall(r'href="(/[^"]*)"', html) if not url.startswith("/static/")]
