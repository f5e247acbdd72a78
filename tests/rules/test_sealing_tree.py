"""The tree of RFC 9162, against the known answers of Certificate Transparency and against the RFC's own recursion."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.sealing import tree, verify
from lms.kernel.sealing.tree import WIDTH, Part

# the inputs and answers that Certificate Transparency's own implementations are tested with
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {  # of an entry, counted from 1, in a tree of a size
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (3, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (2, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENT = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
KNOWN = [tree.leaf(bytes.fromhex(text)) for text in INPUTS]


def naive(leaves: list[bytes]) -> bytes:
    """The RFC's definition, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = max(2**n for n in range(len(leaves).bit_length()) if 2**n < len(leaves))
    return sha256(b"\x01" + naive(leaves[:half]) + naive(leaves[half:])).digest()


def of_ranges(leaves: list[bytes], ranges: list[tuple[int, int]]) -> list[bytes]:
    return [naive(leaves[begin:end]) for begin, end in ranges]


def test_the_known_roots() -> None:
    assert tree.root([]) == tree.fold([]) == sha256(b"").digest()
    assert [tree.root(KNOWN[: n + 1]).hex() for n in range(8)] == ROOTS


def test_the_known_paths() -> None:
    for (number, size), path in PATHS.items():
        found = of_ranges(KNOWN, tree.inclusion(number - 1, size))
        assert [step.hex() for step in found] == path
        assert verify.root_above(number - 1, size, KNOWN[number - 1], found).hex() == ROOTS[size - 1]
    for (old, size), path in CONSISTENT.items():
        found = of_ranges(KNOWN, tree.consistency(old, size))
        assert [step.hex() for step in found] == path
        assert tree.goes_on(old, bytes.fromhex(ROOTS[old - 1]), size, bytes.fromhex(ROOTS[size - 1]), found)


leaves_of = st.integers(1, 3 * WIDTH + 5).map(lambda count: [tree.leaf(n.to_bytes(4)) for n in range(count)])


@given(leaves_of, st.data())
def test_every_entry_has_a_path_and_no_other_leaf_or_path_will_do(leaves: list[bytes], data: st.DataObject) -> None:
    size, root = len(leaves), naive(leaves)
    at = data.draw(st.integers(0, size - 1))
    path = of_ranges(leaves, tree.inclusion(at, size))
    assert verify.root_above(at, size, leaves[at], path) == root == tree.root(leaves)
    assert verify.root_above(at, size, tree.leaf(b"another"), path) != root
    for other, wrong in ((at, [*path, root]), (at, path[:-1]), (size, path)):
        if wrong != path or other != at:
            with pytest.raises((LookupError, ValueError)):
                assert verify.root_above(other, size, leaves[at], wrong) == root


@given(leaves_of, st.data())
def test_an_older_tree_is_shown_to_go_on_and_a_forked_one_is_not(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    old = data.draw(st.integers(1, size))
    path = of_ranges(leaves, tree.consistency(old, size))
    assert tree.goes_on(old, naive(leaves[:old]), size, naive(leaves), path)
    forked = [tree.leaf(b"forked"), *leaves[1:]]
    assert not tree.goes_on(old, naive(forked[:old]), size, naive(leaves), path)
    assert not tree.goes_on(old, naive(leaves[:old]), size, naive(leaves), [*path, b""])


@given(st.lists(st.integers(0, 2 * WIDTH + 3), min_size=1, max_size=5))
def test_a_tree_that_grew_piece_by_piece_keeps_what_the_whole_one_has(pieces: list[int]) -> None:
    leaves = [tree.leaf(n.to_bytes(4)) for n in range(sum(pieces))]
    kept: dict[Part, bytes] = {}
    peaks: list[bytes] = []
    size = 0
    for piece in pieces:
        whole = size - size % WIDTH
        kept |= tree.grow(size, leaves[whole:size], kept, leaves[size : size + piece])
        size += piece
    for number in range(size):
        verify.add(peaks, number + 1, number.to_bytes(4))
    assert tree.fold(peaks) == naive(leaves)
    assert {part: naive(leaves[part.begin : part.end]) for part in kept} == kept
    assert {part for part in tree.cover(0, size) if part.end - part.begin >= WIDTH} <= kept.keys()


def test_a_tree_does_not_go_on_from_a_larger_one_or_from_nothing() -> None:
    for old in (0, 9):
        with pytest.raises(ValueError, match="does not go on"):
            tree.consistency(old, 8)
