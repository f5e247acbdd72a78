"""Raw HTML inside Markdown, taken tag by tag: a short list passes, the rest is cut and named."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

_PASSING = (
    "abbr b blockquote br caption cite code dd del dl dt em hr i ins kbd li mark ol p pre q s small strong sub sup"
    " table tbody td th thead tr u ul"
)
_SILENT = (
    "applet embed frame frameset head iframe link math meta noembed noframes noscript object option script select style"
    " svg template textarea title xmp"
)
PASSING = frozenset(_PASSING.split())
SILENT = frozenset(_SILENT.split())
_EMPTY = frozenset(("br", "hr", "embed", "frame", "link", "meta", "img", "input", "wbr", "col", "source", "track"))
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_NUMBERS = {"td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "ol": ("start",)}
_KEPT_ADDRESS = {"img": {"src", "alt", "width", "height", "loading"}, "a": {"href", "rel", "target"}}
Attributes = list[tuple[str, str | None]]


class RawHtml(HTMLParser):
    """Rewrites one piece of raw HTML; `picture` and `link` decide about addresses as they do for Markdown."""

    def __init__(self, picture: Callable[[str, str], str], link: Callable[[str], str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self.picture, self.link = picture, link
        self.out: list[str] = []
        self.seen: list[str] = []
        self.cut: list[str] = []
        self.silent: list[str] = []

    def clean(self, html: str) -> str:
        """Give the part of the HTML that may be shown."""
        whole = _without(_without(html, "<!--", "-->"), "<![", "]]>")
        end = whole.rfind(">") + 1
        self.feed(whole[:end])
        self.close()
        return "".join(self.out) + ("" if self.silent else escape(whole[end:], quote=False))

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Pass, replace or cut an opening tag."""
        self.seen.append(f"<{tag}>")
        if tag in SILENT:
            self.cut.append(f"<{tag}>")
            if tag not in _EMPTY:
                self.silent.append(tag)
        elif not self.silent:
            self.out.append(self._shown(tag, attrs))

    def _shown(self, tag: str, attrs: Attributes) -> str:
        values = {name: value or "" for name, value in attrs}
        if tag in _KEPT_ADDRESS:
            self.cut += sorted(set(values) - _KEPT_ADDRESS[tag])
        if tag == "img":
            return self.picture(values.get("src", ""), values.get("alt", ""))
        if tag == "a":
            target = self.link(values.get("href", ""))
            return f'<a href="{escape(target)}">' if target else "<a>"
        if tag in _HEADINGS:
            return "<p><strong>"
        if tag not in PASSING:
            self.cut.append(f"<{tag}>")
            return ""
        kept = [(name, values[name]) for name in _NUMBERS.get(tag, ()) if values.get(name, "").isdecimal()]
        kept += [("title", values["title"])] if tag == "abbr" and "title" in values else []
        self.cut += sorted(set(values) - {name for name, _ in kept})
        return f"<{tag}" + "".join(f' {name}="{escape(value)}"' for name, value in kept) + ">"

    def handle_endtag(self, tag: str) -> None:
        """Close what was passed."""
        if self.silent:
            if tag in self.silent:
                del self.silent[self.silent.index(tag) :]
        elif tag in _HEADINGS:
            self.out.append("</strong></p>")
        elif (tag in PASSING or tag == "a") and tag not in _EMPTY:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Pass text, as text."""
        if not self.silent:
            self.out.append(escape(data, quote=False))


def _without(html: str, start: str, end: str) -> str:
    """Take out everything between two marks; what is never closed reaches to the end, as in a browser."""
    kept: list[str] = []
    at = 0
    while (opened := html.find(start, at)) >= 0:
        kept.append(html[at:opened])
        closed = html.find(end, opened + len(start))
        if closed < 0:
            return "".join(kept)
        at = closed + len(end)
    return "".join(kept) + html[at:]
