"""A lesson's text as the HTML of a page: blocks as sections, headings in order, nothing that runs or loads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from courses.formats.blocks import BLOCK_TITLES, cut_blocks
from courses.formats.inline import Inlines
from courses.formats.issues import Note
from courses.formats.sections import (
    ID_PREFIX,
    KEPT,
    LOWEST_HEADING,
    MISSING,
    BlockPart,
    Heading,
    HeadingOrder,
    Part,
    TextPart,
    build_parts,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ALIGN = {"left": "cd-start", "center": "cd-center", "right": "cd-end"}
_CODE_CLASS = re.compile(r"language-[\w+#.-]+")
_WORD = re.compile(r"\w[\w'’.-]*")
_HEADINGS = [f"h{level}" for level in range(2, LOWEST_HEADING + 1)]
_ATTRIBUTES: dict[str, set[str]] = {
    **{tag: {"id", "class"} for tag in _HEADINGS},
    "a": {"href"},
    "img": {"src", "alt", "loading"},
    "section": {"class", "aria-labelledby"},
    "details": {"class"},
    "code": {"class"},
    "p": {"class"},
    "ol": {"start"},
    "abbr": {"title"},
    "th": {"class", "scope", "colspan", "rowspan"},
    "td": {"class", "colspan", "rowspan"},
}
_PLAIN_TAGS = (
    "b blockquote br caption cite dd del dl dt em hr i ins kbd li mark pre q s small strong sub summary sup"
    " table tbody thead tr u ul"
)
_TAGS = set(_ATTRIBUTES) | set(_PLAIN_TAGS.split())


@dataclass(frozen=True)
class Rendered:
    """A body as page HTML, with its headings, its number of words and what was noted on the way."""

    html: str
    headings: tuple[Heading, ...]
    words: int
    notes: tuple[Note, ...]


def no_alt(_name: str) -> str:
    """Know no description of any picture."""
    return ""


def render(
    body: str,
    media_url: Callable[[str], str],
    titles: Mapping[str, str] = BLOCK_TITLES,
    media_alt: Callable[[str], str] = no_alt,
) -> Rendered:
    """Render a Markdown body.

    `media_url` gives the address of a file by the path that the text uses, or an empty text where there is none;
    `titles` names the kinds of blocks, which head a block without a title of its own, and a missing picture;
    `media_alt` describes a picture that the text does not describe.
    """
    pieces, notes = cut_blocks(body)
    references: dict[str, Any] = {}
    if "]:" in body:
        _markdown().parse("\n\n".join(piece.text for piece in pieces), references)
    parts = build_parts(pieces, lambda text: _markdown().parse(text, references))
    order = HeadingOrder(titles)
    order.settle(parts)
    inlines = Inlines(media_url, media_alt, titles.get(MISSING, BLOCK_TITLES[MISSING]))
    inlines.anchors = {heading.id.removeprefix(ID_PREFIX): heading.id for heading in reversed(order.headings)}
    html = _sanitised(_parts_html(parts, inlines, titles), inlines.shown)
    found = sorted([*notes, *order.notes, *inlines.notes], key=lambda note: note.line)
    return Rendered(html, tuple(order.headings), count_words(html), tuple(dict.fromkeys(found)))


def render_inline(text: str) -> str:
    """Render one line of Markdown, such as a question or an option, without a paragraph around it."""
    inlines = Inlines(no_alt, no_alt)
    tokens = _markdown().parseInline(text, {})
    inlines.settle(tokens, 1)
    return _sanitised(_html(tokens), inlines.shown).strip()


def count_words(html: str) -> int:
    """Count the words that a reader sees."""
    return len(_WORD.findall(unescape(re.sub(r"<[^>]*>", " ", html))))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # by the first who reads a text: a server can start without

    return MarkdownIt("commonmark", {"html": True}).enable("table")


def _html(tokens: list[Token]) -> str:
    markdown = _markdown()
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _parts_html(parts: list[Part], inlines: Inlines, titles: Mapping[str, str]) -> str:
    return "".join(
        _text_html(part, inlines) if isinstance(part, TextPart) else _block_html(part, inlines, titles)
        for part in parts
    )


def _text_html(part: TextPart, inlines: Inlines) -> str:
    inlines.settle(part.tokens, part.line)
    _mark_tables(part.tokens)
    return _html(part.tokens)


def _block_html(block: BlockPart, inlines: Inlines, titles: Mapping[str, str]) -> str:
    if block.name == KEPT or block.heading is None:
        words = titles.get(KEPT, BLOCK_TITLES[KEPT])
        return f'<p class="cd-kept">{escape(words)}: <code>{escape(block.title)}</code></p>\n'
    inside = _sanitised(_parts_html(block.parts, inlines, titles), inlines.shown)
    text = escape(block.heading.text)
    if block.name == "details":
        return f'<details class="cd-block cd-block--details"><summary>{text}</summary>\n{inside}</details>\n'
    tag, own_id = f"h{block.heading.level}", block.heading.id
    title = f'<{tag} id="{own_id}" class="cd-block__title">{_kind_label(block, titles)}{text}</{tag}>'
    return f'<section class="cd-block cd-block--{block.name}" aria-labelledby="{own_id}">{title}\n{inside}</section>\n'


def _kind_label(block: BlockPart, titles: Mapping[str, str]) -> str:
    """What kind of block it is, in words, because a title of its own does not say it; colour alone is not enough."""
    kind = titles.get(block.name, BLOCK_TITLES[block.name])
    says_it = not block.title or block.title.casefold().startswith(kind.casefold())
    return "" if says_it else f"<small>{escape(kind)}</small> "


def _mark_tables(tokens: list[Token]) -> None:
    """Say the alignment of cells by class, because no page carries inline styles."""
    for token in tokens:
        if token.type in ("th_open", "td_open"):
            align = _ALIGN.get(str(token.attrs.pop("style", "")).removeprefix("text-align:"))
            if align:
                token.attrSet("class", align)
        if token.type == "th_open":
            token.attrSet("scope", "col")


def _sanitised(html: str, pictures: set[str]) -> str:
    """Let pass what is on the list and nothing else, whatever the steps before have made."""
    import nh3  # as late as what reads the text

    def allowed(tag: str, name: str, value: str) -> str | None:
        if tag == "img" and name == "src" and value not in pictures:
            return None
        if tag == "code" and name == "class" and not _CODE_CLASS.fullmatch(value):
            return None
        return value

    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=allowed,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
