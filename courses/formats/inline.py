"""Links, pictures and raw HTML of a text, settled before it becomes a page: nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from courses.formats.issues import Note
from courses.formats.paths import path_fault

if TYPE_CHECKING:
    from markdown_it.token import Token

_KEPT_SCHEMES = ("http", "https", "mailto", "tel")
_ALT_BEHIND = re.compile(r"\{alt=(['\"])(.*?)\1[^}]*\}", re.DOTALL)


class Inlines:
    """Settles what stands inside paragraphs, and notes what could not be shown as written.

    `missing` is said before the description of a picture that is not there.
    """

    def __init__(self, media_url: Callable[[str], str], media_alt: Callable[[str], str], missing: str = "") -> None:
        self.media_url, self.media_alt, self.missing = media_url, media_alt, missing
        self.anchors: dict[str, str] = {}
        self.shown: set[str] = set()
        self.notes: list[Note] = []
        self.line = 1

    def note(self, code: str, message: str) -> None:
        """Note something about the line in hand."""
        self.notes.append(Note(code, message, self.line))

    def settle(self, tokens: list[Token], first_line: int) -> None:
        """Settle block tokens in place; lines are counted from the first line of the text they come from."""
        for token in tokens:
            if token.map:
                self.line = first_line + token.map[0]
            if token.type == "inline":
                token.children = self._settled(token.children or [])
            elif token.type == "html_block":
                token.content = self._raw(token.content)

    def _settled(self, children: list[Token]) -> list[Token]:
        settled: list[Token] = []
        links: list[bool] = []
        alt_behind = ""
        for at, token in enumerate(children):
            if token.type in ("softbreak", "hardbreak"):
                self.line += 1
            if token.type == "link_open":
                links.append(self._open_link(token))
            if token.type in ("link_open", "link_close"):
                shown = links[-1] if token.type == "link_open" else links.pop()
                settled += [token] if shown else []
            elif token.type == "image":
                alt_behind = _alt_behind(children[at + 1 :])
                alt = "".join(_words(child) for child in token.children or []).strip() or alt_behind
                settled.append(_html_token(self.picture(str(token.attrs.get("src", "")), alt, linked=any(links))))
            elif token.type == "html_inline":
                settled.append(_html_token(self._raw(token.content)))
            else:
                if alt_behind and token.type == "text":
                    token.content = _ALT_BEHIND.sub("", token.content, count=1)
                    alt_behind = ""
                settled.append(token)
        return settled

    def _open_link(self, token: Token) -> bool:
        target = self.link(str(token.attrs.get("href", "")))
        if target:
            token.attrs = {"href": target}
        return target is not None

    def link(self, href: str) -> str | None:
        """Decide where a link may lead; None when it is shown as text only."""
        scheme = _scheme(href)
        if scheme in _KEPT_SCHEMES:
            return href
        if href.startswith("//"):
            return f"https:{href}"
        if href.startswith("#"):
            return self._anchor(href)
        if scheme:
            self.note("LINK_UNSAFE", f"A link of the kind `{scheme[:20]}:` is shown as text.")
            return None
        address = self._local(href)
        if not address:
            self.note("LINK_RELATIVE", f"The link to “{href[:80]}” leads to no file of this course; shown as text.")
        return address or None

    def _anchor(self, href: str) -> str | None:
        anchor = self.anchors.get(unquote(href[1:]).lower())
        return f"#{anchor}" if anchor else None

    def _local(self, reference: str) -> str:
        path = unquote(reference.partition("#")[0].partition("?")[0])
        return "" if path_fault(path) else self.media_url(path)

    def picture(self, src: str, alt: str, linked: bool = False) -> str:
        """Give the HTML of a picture: itself when it is ours, else a link or its description."""
        remote = src.startswith("//") or _scheme(src) in ("http", "https")
        address = "" if remote or _scheme(src) else self._local(src)
        name = unquote(src.partition("?")[0]).rstrip("/").rpartition("/")[2][:80] or "picture"
        if address and not alt:
            alt = self.media_alt(unquote(src.partition("#")[0].partition("?")[0]))
        if not alt:
            self.note("ALT_MISSING", f"The picture “{name}” has no description; write it in the square brackets.")
        if address:
            self.shown.add(address)
            return f'<img src="{escape(address)}" alt="{escape(alt)}" loading="lazy">'
        if not remote:
            self.note("IMAGE_MISSING", f"The picture “{name}” is not among the files of this course; add it.")
            return escape(f"{self.missing}: {alt or name}" if self.missing else alt or name)
        self.note("IMAGE_REMOTE", f"The picture “{name}” lies on another site; it is shown as a link, not loaded.")
        if linked:
            return escape(alt or name)
        target = f"https:{src}" if src.startswith("//") else src
        return f'<a href="{escape(target)}">{escape(alt or name)}</a>'

    def _raw(self, html: str) -> str:
        """Clean raw HTML and note it; a comment is silent."""
        from courses.formats.rawhtml import RawHtml  # few lessons have any

        cleaner = RawHtml(self.picture, self.link)
        clean = cleaner.clean(html)
        if cleaner.seen:
            cut = ", ".join(dict.fromkeys(cleaner.cut)) or "nothing"
            tags = ", ".join(dict.fromkeys(cleaner.seen))
            message = f"Raw HTML {tags[:120]} stays in the file and is shown sanitised; cut: {cut[:160]}."
            self.note("HTML_SANITISED", message)
        return clean


def _html_token(html: str) -> Token:
    from markdown_it.token import Token  # which is there by now: whoever has tokens has read a text

    return Token("html_inline", "", 0, content=html)


def _words(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    nested = "".join(_words(child) for child in token.children or [])
    return nested or (token.content if token.type in ("text", "code_inline") else "")


def _alt_behind(following: list[Token]) -> str:
    """Read a description that stands in braces behind a picture, as some lesson tools write it."""
    found = _ALT_BEHIND.match(following[0].content) if following and following[0].type == "text" else None
    return found[2].strip() if found else ""


def _scheme(address: str) -> str:
    try:
        return urlsplit(address.strip()).scheme.lower()
    except ValueError:
        return "unreadable"
