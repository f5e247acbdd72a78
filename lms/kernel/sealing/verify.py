"""Checks an evidence file or a proof of the record on any machine: Python 3.11 and the package `cryptography` suffice.

An entry is SHA-256(salt || payload); entries are the leaves of a Merkle tree as in RFC 9162; its root is signed with
Ed25519 in checkpoints (C2SP tlog-checkpoint). What was erased keeps its entry, not its salt and payload, and a later
entry names its position. Use: python verify.py FILE [--key PUBLIC ...] [--checkpoint KEPT.txt ...]
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from itertools import chain, product
from pathlib import Path
from typing import Any

LEAF, NODE, ERASURE = b"\x00", b"\x01", '{"erasure":'  # so begins the payload of an erasure entry, and no other
OWN = "The file's own key was believed ({}). Whoever forges a file can do that too: give the key you trust with --key."
MALFORMED = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
NOTE = r"([^\s+]+)\n([1-9]\d{,18})\n([\w+/]{43}=)\nnumber ([1-9]\d{,18})\nsealed \S+\n\n((?:— [^\s+]+ \S+\n)+)"


def sha(*parts: bytes) -> bytes:
    """SHA-256 over what follows each other."""
    return hashlib.sha256(b"".join(parts)).digest()


def decoded(text: str) -> bytes:
    """What stands in base64, which must be written in the one proper way."""
    if base64.b64encode(found := base64.b64decode(text, validate=True)).decode() != text:
        raise ValueError(f"{text[:20]!a} is not proper base64")
    return found


def add(peaks: list[bytes], count: int, entry: bytes) -> None:
    """Add an entry, with which they are `count`, to a tree of which only the roots of complete parts are kept."""
    root = sha(LEAF, entry)
    while count % 2 == 0:
        root, count = sha(NODE, peaks.pop(), root), count // 2
    peaks.append(root)


def root_above(position: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root to which a path leads from a leaf; raises LookupError or ValueError where it is no path of that leaf."""
    half = 1 << (size - 1).bit_length() - 1 if size > 1 else 0
    if not half and (path or position):
        raise ValueError("the path does not belong to the position")
    if position < half:
        return sha(NODE, root_above(position, half, leaf, path[:-1]), path[-1])
    return sha(NODE, path[-1], root_above(position - half, size - half, leaf, path[:-1])) if half else leaf


class Checkpoint:
    """A signed note: so many entries of a log have this root."""

    def __init__(self, note: str) -> None:
        if (found := re.fullmatch(NOTE, note)) is None:
            raise ValueError(f"{note[:40]!a} is not the beginning of a checkpoint as it is written")
        self.origin, self.size, self.root, self.number = found[1], int(found[2]), decoded(found[3]), int(found[4])
        self.body, self.signatures = note[: found.start(5) - 1].encode(), found[5].splitlines()

    def is_signed(self, origin: str, keys: Iterable[str]) -> bool:
        from cryptography.exceptions import InvalidSignature  # large, and only here is it needed
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        for key, line in product(keys, self.signatures):
            raw, signature = decoded(key.split("+", 2)[2]), decoded(line.split(" ")[2])
            hint = sha(f"{origin}\n".encode(), raw)[:4]
            named = key.startswith(f"{origin}+{hint.hex()}+") and line.startswith(f"— {origin} ")
            with suppress(InvalidSignature):
                Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature[4:], self.body)
                return named and signature[:4] == hint and self.origin == origin and raw[0] == 1
        return False


class Check:
    """Goes through one log in order: its header, its checkpoints, its entries. Then `findings` says what is broken."""

    def __init__(self, trusted: Sequence[str] = (), kept: Sequence[str] = ()) -> None:
        self.origin, self.trusted, self.keys, self.findings = "", trusted, list[str](), list[tuple[int, str]]()
        self.size, self.number, self.proven, self.peaks, self.torn = 0, 0, 0, list[bytes](), list[int]()
        self.marks = bytearray()  # of each entry: 1 where it is erased, 2 where an erasure entry names it
        known = [*map(Checkpoint, kept)]  # then, those that checkpoints give, by the size of the tree:
        self.roots = {one.size: {other.root for other in known if other.size == one.size} for one in known}

    def broken(self, position: int, why: str) -> None:
        self.findings.append((position, why))

    def run(self, items: Iterable[Mapping[str, Any]]) -> tuple[int, list[tuple[int, str]]]:
        for item in items:
            here = len(self.marks)
            try:
                self.take(item)
            except MALFORMED as error:
                self.broken(here, f"changed: what stands here cannot be read ({error})")
        if (count := len(self.marks)) != self.size or self.torn or not self.size:
            what = "inserted" if count > self.size else "reordered" if count == self.size > 0 else "removed"
            self.broken(min([count, self.size, *self.torn]), f"{what}: {count} entries stand here, not {self.size}")
        if (most := max(self.roots, default=0)) > self.size:
            self.broken(self.size, f"rollback: a checkpoint covers {most} entries, the last one here {self.size}")
        marked = (1, "erased without an erasure entry"), (2, "an erasure entry names it, but it stands")
        self.findings += [(at, why) for mark, why in marked if (at := self.marks.find(mark)) >= 0]
        return count, sorted(self.findings)

    def take(self, item: Mapping[str, Any]) -> None:
        match item:
            case {"origin": str(origin), "keys": [*keys]} if not self.origin:
                self.origin, self.keys = origin, list(self.trusted or keys)
            case {"checkpoint": str(note)} if self.origin and not self.marks:
                self.take_checkpoint(Checkpoint(note))
            case {"position": position, "entry": entry} if self.origin:
                self.take_entry(position, decoded(entry), item.get("salt"), item.get("payload", ""))
            case _:
                self.broken(len(self.marks), "reordered or changed: a line of no known kind, or not where it belongs")

    def take_checkpoint(self, one: Checkpoint) -> None:
        if not one.is_signed(self.origin, self.keys):
            self.broken(self.size, f"signature: checkpoint {one.number} is not signed for this log by a known key")
        elif one.number != self.number + 1 or one.size <= self.size:
            self.broken(self.size, f"size: checkpoint {one.number} does not follow the one before it")
        self.number, self.size = self.number + 1, one.size
        self.roots.setdefault(one.size, set()).add(one.root)

    def take_entry(self, position: int, entry: bytes, salt: str | None, payload: str) -> None:
        here = len(self.marks)
        self.marks.append(salt is None)
        add(self.peaks, here + 1, entry)
        if str(position) != str(here):
            self.torn.append(here)
        if salt is not None and sha(decoded(salt), payload.encode()) != entry:
            self.broken(here, "changed: it is not what was sealed" if payload else "removed")
        elif salt is not None and payload.startswith(ERASURE):
            for first, last in json.loads(payload)["erasure"]["positions"]:
                self.marks[first : last + 1] = bytes(mark | 2 for mark in self.marks[first : last + 1])
        roots = self.roots.get(here + 1)
        if roots and roots == {reduce(lambda root, left: sha(NODE, left, root), reversed(self.peaks))}:
            self.proven = here + 1
        elif roots and not self.torn and not self.findings:
            self.broken(self.proven, f"changed or reordered: one of the entries {self.proven} to {here}")


def check_proof(item: Mapping[str, Any], keys: Sequence[str] = (), kept: Sequence[str] = ()) -> list[tuple[int, str]]:
    """What is broken in the proof of one payload; raises ValueError where what was kept says nothing about it."""
    position, others = item.get("position", 0), [*map(Checkpoint, kept)]
    try:
        one, entry = Checkpoint(item["checkpoint"]), sha(decoded(item["salt"]), item["payload"].encode())
        if not one.is_signed(item["origin"], keys or [item["key"]]):
            return [(position, "signature: the checkpoint is not signed by a known key")]
        if root_above(position, one.size, sha(LEAF, entry), [*map(decoded, item["path"])]) != one.root:
            raise ValueError("the path leads elsewhere")
    except MALFORMED:
        return [(position, "changed: it is not what was sealed")]
    same = {other.root for other in others if other.size == one.size}
    if others and not same:
        raise ValueError(f"Checkpoint {others[0].number} neither proves nor refutes this; give number {one.number}.")
    return [] if same <= {one.root} else [(position, "changed: the checkpoint that was kept has another root")]


def lines(file: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    """The lines of a file; one that is not written to the letter as the sealer writes is given as an empty one."""
    for line in file:
        try:
            plain = json.dumps(item := json.loads(line), ensure_ascii=False, separators=(",", ":")) + "\n"
            yield item if plain.encode() == line and isinstance(item, dict) else {}
        except (ValueError, RecursionError):
            yield {}


def check_file(path: Path, keys: Sequence[str], kept: Sequence[str]) -> tuple[int, list[tuple[int, str]], str]:
    """How many entries were checked, what is broken, which keys were believed; ValueError where it cannot be said."""
    with path.open("rb") as file:
        if "origin" not in (head := next(rest := lines(file), {})):
            raise ValueError(f"{path} is neither evidence nor a proof, or its first line was changed.")
        if others := {one.origin for one in map(Checkpoint, kept)} - {str(head["origin"])}:
            raise ValueError(f"A checkpoint of {others.pop()} was given, but the file is of {head['origin']!a}.")
        found = (1, check_proof(head, keys, kept)) if "path" in head else Check(keys, kept).run(chain([head], rest))
    own = re.findall(r"\+([0-9a-f]{8})\+", str(head.get("keys", head.get("key"))))
    return *found, "" if keys else OWN.format(", ".join(own))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Checks an evidence file or a proof of the record.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", action="append", default=[], help="a public key that you trust")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path, help="a checkpoint that you kept")
    asked = parser.parse_args()
    try:
        checked, found, note = check_file(asked.file, asked.key, [one.read_text("utf-8") for one in asked.checkpoint])
    except (OSError, ValueError) as error:
        parser.exit(2, f"{error}\n")
    words = [f"checked {checked}", f"broken {len(found)}", *(f"position {at!a}: {why}" for at, why in found), note]
    sys.stdout.write("\n".join(words).strip() + "\n")
    sys.exit(1 if found else 0)
