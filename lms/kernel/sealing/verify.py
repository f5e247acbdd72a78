"""Checks an evidence file or a proof of the record on any machine: Python 3.11 and the package `cryptography` suffice.

An entry is SHA-256(salt || payload); entries are the leaves of a Merkle tree as in RFC 9162; its root is signed with
Ed25519 in checkpoints (C2SP tlog-checkpoint). What was erased keeps its entry, not its salt and payload, and a later
entry names its position. Without --key the file's own public keys are believed: compare them with those you were given.
Use: python verify.py FILE [--key PUBLIC ...] [--checkpoint KEPT.txt ...]; 1: something is broken, 2: it cannot be said.
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
from itertools import product
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ERASURE = '{"erasure":'  # how the payload of an erasure entry begins, and no other
LEAF, NODE = b"\x00", b"\x01"
MALFORMED = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
NOTE = re.compile(r"([^\s+]+)\n([1-9]\d*)\n(\S+)\nnumber ([1-9]\d*)\nsealed \S+\n\n((?:— [^\s+]+ \S+\n)+)")
KEY = re.compile(r"[^\s+]+\+([0-9a-f]{8})\+[A-Za-z0-9+/]{44}")  # NAME+FINGERPRINT+BASE64
Finding = tuple[int, str]


class Unusable(Exception):
    """What was given is not what can be checked, or not with what was kept: that says neither good nor broken."""


def sha(*parts: bytes) -> bytes:
    """SHA-256 over what follows each other."""
    return hashlib.sha256(b"".join(parts)).digest()


def decoded(text: str) -> bytes:
    """What stands in base64, which must be written in the one proper way."""
    found = base64.b64decode(text, validate=True)
    if base64.b64encode(found).decode() != text:
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
        if (found := NOTE.fullmatch(note)) is None:
            raise ValueError("it is not written as one")
        self.origin, self.size, self.root, self.number = found[1], int(found[2]), decoded(found[3]), int(found[4])
        self.body, self.signatures = note[: found.start(5) - 1].encode(), found[5].splitlines()

    def is_signed(self, origin: str, keys: Iterable[str]) -> bool:
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
        self.origin, self.trusted, self.keys, self.findings = "", trusted, list[str](), list[Finding]()
        self.size, self.number, self.proven, self.peaks, self.torn = 0, 0, 0, list[bytes](), list[int]()
        self.marks = bytearray()  # of each entry: 1 where it is erased, 2 where an erasure entry names it
        self.roots: dict[int, set[bytes]] = {}  # those that checkpoints give, by the size of the tree
        self.kept = [*map(Checkpoint, kept)]

    def broken(self, position: int, why: str) -> None:
        self.findings.append((position, why))

    def run(self, items: Iterable[Mapping[str, Any]]) -> tuple[int, list[Finding]]:
        for item in items:
            here = len(self.marks)
            try:
                self.take(item)
            except MALFORMED as error:
                self.broken(here, f"changed: what stands here cannot be read ({error})")
        self.end()
        return len(self.marks), sorted(self.findings)

    def take(self, item: Mapping[str, Any]) -> None:
        match item:
            case {"origin": str(origin), "keys": [*keys]} if not self.origin:
                self.origin, self.keys = origin, list(self.trusted or keys)
                for one in self.kept:
                    if one.origin == origin:
                        self.roots.setdefault(one.size, set()).add(one.root)
            case {"checkpoint": str(note)} if self.origin and not self.marks:
                self.take_checkpoint(Checkpoint(note))
            case {"position": position, "entry": entry} if self.origin:
                self.take_entry(position, decoded(entry), item.get("salt"), item.get("payload"))
            case _:
                self.broken(len(self.marks), "reordered or changed: a line of no known kind, or not where it belongs")

    def take_checkpoint(self, one: Checkpoint) -> None:
        if not one.is_signed(self.origin, self.keys):
            self.broken(self.size, f"signature: checkpoint {one.number} is not signed for this log by a known key")
        elif one.number != self.number + 1 or one.size <= self.size:
            self.broken(self.size, f"size: checkpoint {one.number} does not follow the one before it")
        self.number, self.size = self.number + 1, one.size
        self.roots.setdefault(one.size, set()).add(one.root)

    def take_entry(self, position: int, entry: bytes, salt: str | None, payload: str | None) -> None:
        here = len(self.marks)
        self.marks.append(salt is None)
        add(self.peaks, here + 1, entry)
        if str(position) != str(here):
            self.torn.append(here)
        if salt is not None:
            self.take_payload(here, entry, decoded(salt), payload)
        roots = self.roots.get(here + 1)
        if roots and roots == {reduce(lambda root, left: sha(NODE, left, root), reversed(self.peaks))}:
            self.proven = here + 1
        elif roots and not self.torn and not self.findings:
            self.broken(self.proven, f"changed or reordered: one of the entries {self.proven} to {here}")

    def take_payload(self, here: int, entry: bytes, salt: bytes, payload: str | None) -> None:
        if payload is None or sha(salt, payload.encode()) != entry:
            self.broken(here, "changed: it is not what was sealed" if payload is not None else "removed")
        elif payload.startswith(ERASURE):
            for first, last in json.loads(payload)["erasure"]["positions"]:
                self.marks[first : last + 1] = bytes(mark | 2 for mark in self.marks[first : last + 1])

    def end(self) -> None:
        if (count := len(self.marks)) != self.size or self.torn or not self.size:
            what = "inserted" if count > self.size else "reordered" if count == self.size > 0 else "removed"
            self.broken(min([count, self.size, *self.torn]), f"{what}: {count} entries stand here, not {self.size}")
        if (most := max(self.roots, default=0)) > self.size:
            self.broken(self.size, f"rollback: a checkpoint covers {most} entries, the last one here {self.size}")
        for mark, why in ((1, "erased without an erasure entry"), (2, "an erasure entry names it, but it stands")):
            if (position := self.marks.find(mark)) >= 0:
                self.broken(position, why)


def check_proof(item: Mapping[str, Any], trusted: Sequence[str] = (), kept: Sequence[str] = ()) -> list[Finding]:
    """What is broken in the proof that one payload is part of what a checkpoint covers."""
    position = at if isinstance(at := item.get("position"), int) else 0
    with suppress(*MALFORMED):
        one, entry = Checkpoint(item["checkpoint"]), sha(decoded(item["salt"]), item["payload"].encode())
        if not one.is_signed(item["origin"], trusted or [item["key"]]):
            return [(position, "signature: the checkpoint is not signed by a known key")]
        path = [decoded(step) for step in item["path"]]
        if root_above(item["position"], one.size, sha(LEAF, entry), path) == one.root:
            return [(position, why) for why in differing(one, [*map(Checkpoint, kept)])]
    return [(position, "changed: it is not what was sealed")]


def differing(one: Checkpoint, kept: Sequence[Checkpoint]) -> list[str]:
    """Why a proof's checkpoint is not the one that was kept; Unusable where none that was kept is of its size."""
    same = [other.root == one.root for other in kept if other.size == one.size]
    if kept and not same:
        covers = ", ".join(str(other.size) for other in kept)
        why = f"neither proves nor refutes: it covers {covers} entries, the proof {one.size}"
        raise Unusable(
            f"The kept checkpoint {why}. Give checkpoint {one.number}, or check the evidence of the whole log."
        )
    return [] if all(same) else [f"changed: the kept checkpoint gives the first {one.size} entries another root"]


def kept_note(path: Path) -> str:
    """The text of a checkpoint that somebody kept."""
    try:
        return Checkpoint(note := path.read_text("utf-8")) and note
    except ValueError as error:
        raise Unusable(f"{path} is no checkpoint: {error}.") from error


def make_sure(origins: Sequence[str], trusted: Sequence[str], kept: Sequence[str]) -> None:
    """Refuse keys that are none, and checkpoints that belong to none of the logs looked at."""
    for key in trusted:
        if not KEY.fullmatch(key):
            raise Unusable(f"{key!a} is no public key: one is written NAME+FINGERPRINT+BASE64.")
    for one in map(Checkpoint, kept):
        if one.origin not in origins:
            raise Unusable(
                f"Checkpoint {one.number} is of {one.origin}, not of what is looked at: {', '.join(origins)}."
            )


def lines(file: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    """The lines of a file; one that is not written to the letter as the sealer writes is given as an empty one."""
    for line in file:
        try:
            plain = json.dumps(item := json.loads(line), ensure_ascii=False, separators=(",", ":")) + "\n"
            yield item if plain.encode() == line and isinstance(item, dict) else {}
        except (ValueError, RecursionError):
            yield {}


def check_file(path: Path, trusted: Sequence[str], kept: Sequence[str]) -> tuple[int, list[Finding]]:
    """How many entries of an evidence file or a proof were checked, and where and why something is broken."""
    with path.open("rb") as file:
        if file.read(10) != b'{"origin":':
            raise Unusable(f"{path} is neither evidence nor a proof: it does not begin with the name of a log.")
        file.seek(0)
        first = next(lines(file), {})
        make_sure([str(first.get("origin", "a log whose name cannot be read"))], trusted, kept)
        if "path" in first:
            return 1, check_proof(first, trusted, kept)
        file.seek(0)
        return Check(trusted, kept).run(lines(file))


def believed(path: Path) -> list[str]:
    """The fingerprints of the keys that a file brings along itself."""
    with path.open("rb") as file:
        first = next(lines(file), {})
    return KEY.findall(str(first.get("keys", first.get("key"))))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Checks an evidence file or a proof of the record.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", action="append", default=[], help="a public key that you trust")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path, help="a checkpoint that you kept")
    asked = parser.parse_args()
    try:
        checked, found = check_file(asked.file, asked.key, [*map(kept_note, asked.checkpoint)])
        own = [] if asked.key else [f"{BELIEVED} {' '.join(believed(asked.file))}"]
    except (OSError, Unusable) as error:
        parser.exit(2, f"{error}\n")
    words = [f"checked {checked}", f"broken {len(found)}", *(f"position {at}: {why}" for at, why in found), *own]
    sys.stdout.write("\n".join(words) + "\n")
    sys.exit(1 if found else 0)
