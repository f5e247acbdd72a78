"""The parts of a page: runs of text and blocks, and headings of which none is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from courses.formats.blocks import ALIASES, BLOCK_NAMES, BLOCK_TITLES, Piece
from courses.formats.issues import Note
from courses.formats.paths import slug

if TYPE_CHECKING:
    from markdown_it.token import Token

ID_PREFIX = "part-"
LOWEST_HEADING = 6
KEPT = "kept"
MISSING = "missing"


@dataclass(frozen=True)
class Heading:
    """A heading of the page, for a table of contents; `block` names the block that it opens."""

    level: int
    id: str
    text: str
    block: str = ""


@dataclass
class TextPart:
    """A run of Markdown as tokens."""

    line: int
    tokens: list[Token]


@dataclass
class BlockPart:
    """A block by the name under which it is shown; an unknown one is `kept` and its title is the unknown name."""

    line: int
    name: str
    title: str
    parts: list[Part] = field(default_factory=list)
    heading: Heading | None = None


Part = TextPart | BlockPart


def build_parts(pieces: list[Piece], parse: Callable[[str], list[Token]]) -> list[Part]:
    """Build the tree of a page; what stands in an unknown block is left out."""
    root: list[Part] = []
    stack: list[BlockPart] = []
    for piece in pieces:
        here = stack[-1].parts if stack else root
        if any(block.name == KEPT for block in stack) and piece.kind == "text":
            continue
        if piece.kind == "text":
            here.append(TextPart(piece.line, parse(piece.text)))
        elif piece.kind == "open":
            stack.append(_block(piece))
            here.append(stack[-1])
        else:
            stack.pop()
    return root


def _block(piece: Piece) -> BlockPart:
    name = ALIASES.get(piece.name, piece.name)
    if name not in BLOCK_NAMES:
        return BlockPart(piece.line, KEPT, piece.name)
    return BlockPart(piece.line, name, piece.title)


def heading_text(inline: Token) -> str:
    """Give the words of a heading without its marks."""
    return " ".join("".join(_spoken(child) for child in inline.children or []).split())


def _spoken(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    if token.type == "image":
        return "".join(_spoken(child) for child in token.children or [])
    return " " if token.type in ("softbreak", "hardbreak") else ""


@dataclass
class HeadingOrder:
    """Gives every heading its level and its id: the first is h2, and no level is skipped."""

    titles: Mapping[str, str]
    headings: list[Heading] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)

    def settle(self, parts: list[Part], before: int = 1, base: int = 2) -> None:
        """Settle the headings of these parts; `before` is the level of the heading above them."""
        top = min((int(token.tag[1]) for token in _heading_tokens(parts)), default=2)
        for part in parts:
            if isinstance(part, TextPart):
                before = self._settle_text(part, before, base - top)
            elif part.name != KEPT:
                self._settle_block(part, min(base if before < base else base + 1, LOWEST_HEADING))

    def _settle_block(self, block: BlockPart, level: int) -> None:
        text = block.title or self.titles.get(block.name, BLOCK_TITLES[block.name])
        block.heading = Heading(level, self._new_id(text), text, block.name)
        inside = level - 1
        if block.name != "details":
            self.headings.append(block.heading)
            inside = level
        self.settle(block.parts, inside, min(inside + 1, LOWEST_HEADING))

    def _settle_text(self, part: TextPart, before: int, shift: int) -> int:
        for at, opening in enumerate(part.tokens):
            if opening.type != "heading_open":
                continue
            if opening.tag == "h1":
                message = "The page has its title already; start headings with ## (this one is shown lower)."
                self.notes.append(Note("HEADING_LEVEL", message, part.line + (opening.map or [0])[0]))
            level = max(2, min(int(opening.tag[1]) + shift, before + 1, LOWEST_HEADING))
            text = heading_text(part.tokens[at + 1])
            heading = Heading(level, self._new_id(text), text)
            self.headings.append(heading)
            opening.tag = part.tokens[at + 2].tag = f"h{level}"
            opening.attrSet("id", heading.id)
            before = level
        return before

    def _new_id(self, text: str) -> str:
        stem = ID_PREFIX + (slug(text) or "section")
        candidate = stem
        while candidate in self.taken:
            self.taken[stem] += 1
            candidate = f"{stem}-{self.taken[stem]}"
        self.taken[candidate] = 1
        return candidate


def _heading_tokens(parts: list[Part]) -> Iterator[Token]:
    for part in parts:
        if isinstance(part, TextPart):
            yield from (token for token in part.tokens if token.type == "heading_open")
