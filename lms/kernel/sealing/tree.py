"""A Merkle tree as in RFC 9162, of which only complete parts are kept: what a proof or the next entry needs of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from lms.kernel.sealing.verify import LEAF, NODE, sha

BLOCK = 7  # parts of 2^7 entries and more are kept; the parts of a smaller one are worked out from its entries
WIDTH = 1 << BLOCK
Range = tuple[int, int]  # from a position up to, and without, another


class Part(NamedTuple):
    """A complete part of a tree: 2^level entries, of those of that size the one in that place, counted from 0."""

    level: int
    place: int

    @property
    def begin(self) -> int:
        """The position of its first entry."""
        return self.place << self.level

    @property
    def end(self) -> int:
        """The position after its last entry."""
        return (self.place + 1) << self.level


def leaf(entry: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return sha(LEAF, entry)


def fold(roots: Sequence[bytes]) -> bytes:
    """The root over complete parts that follow each other, the largest first."""
    return reduce(lambda root, left: sha(NODE, left, root), reversed(roots)) if roots else sha()


def cover(begin: int, end: int) -> list[Part]:
    """The complete parts of a range that the RFC speaks of, the largest first."""
    parts = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        parts.append(Part(level, begin >> level))
        begin += 1 << level
    return parts


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of leaves."""
    rows = list(leaves)
    if not rows:
        return sha()
    while len(rows) > 1:
        odd = rows[-1:] if len(rows) % 2 else []
        rows = [sha(NODE, left, right) for left, right in zip(rows[::2], rows[1::2], strict=False)] + odd
    return rows[0]


def inclusion(position: int, size: int) -> list[Range]:
    """The ranges whose roots prove that an entry is in a tree of a size, from the leaf upwards (RFC 9162, 2.1.3.1)."""
    begin, end, path = 0, size, list[Range]()
    while end - begin > 1:
        middle = begin + _half(end - begin)
        if position < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return path[::-1]


def consistency(old: int, size: int) -> list[Range]:
    """The ranges whose roots prove that a tree goes on where it once ended (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= size:
        raise ValueError(f"A tree of {size} entries does not go on from one of {old}.")
    begin, end, path, whole = 0, size, list[Range](), True
    while end != old:
        middle = begin + _half(end - begin)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin, whole = middle, False
    return ([] if whole else [(begin, end)]) + path[::-1]


def goes_on(old: int, old_root: bytes, size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path proves that the tree of a size begins with the tree of an older one (RFC 9162, 2.1.4.2)."""
    ranges = consistency(old, size)
    known = dict(zip(ranges, path, strict=False))
    if len(ranges) != len(path):
        return False
    if all(end != old for _, end in ranges):  # the older tree is a complete part of the new one
        known[0, old] = old_root
    return _climb(0, old, known) == old_root and _climb(0, size, known) == new_root


def _climb(begin: int, end: int, known: Mapping[Range, bytes]) -> bytes:
    """The root of a range out of those of its parts."""
    found = known.get((begin, end))
    if found is not None:
        return found
    middle = begin + _half(end - begin)
    return sha(NODE, _climb(begin, middle, known), _climb(middle, end, known))


def grow(size: int, tail: Sequence[bytes], known: Mapping[Part, bytes], added: Sequence[bytes]) -> dict[Part, bytes]:
    """The parts that leaves complete at the end of a tree.

    `tail` are the leaves of its unfinished block, `known` the roots of the complete parts before it.
    """
    leaves, place, made = [*tail, *added], size >> BLOCK, dict[Part, bytes]()
    for start in range(0, len(leaves) - WIDTH + 1, WIDTH):
        part, value = Part(BLOCK, place), root(leaves[start : start + WIDTH])
        made[part] = value
        while part.place % 2:
            left = Part(part.level, part.place - 1)
            value = sha(NODE, made.get(left) or known[left], value)
            part = Part(part.level + 1, part.place >> 1)
            made[part] = value
        place += 1
    return made


def _half(size: int) -> int:
    """The largest power of two that is smaller."""
    return 1 << (size - 1).bit_length() - 1
