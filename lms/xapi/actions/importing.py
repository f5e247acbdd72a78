"""Statements from a file of JSON lines: read strictly, known by their ids, and taken in as the word of outsiders.

Things to remember
- What is stored already and says the same is left alone, so that the same file may come in again, whole or in part.
- The record sets authority and moment of storing anew: what a file says is what somebody outside says.
- A statement needs an id, without which it could not be known again; contents of attachments do not come along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from lms.kernel import audit, strict_json
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import CadreError, Conflict
from lms.xapi import policy
from lms.xapi.actions import attachments, inbound
from lms.xapi.formats.json_lines import LONGEST_LINE, Line
from lms.xapi.queries.kept import ERASED, kept
from lms.xapi.rules.errors import wrong
from lms.xapi.rules.multipart import NO_PARTS
from lms.xapi.rules.sameness import same
from lms.xapi.rules.validate import Version, validate

AT_ONCE = 200  # statements taken in together
SENDER = Actor("client", name="Import", account_name="import", powers=policy.powers(["all"]))


class Sound(NamedTuple):
    """A line that is a statement."""

    number: int
    id: UUID
    text: bytes
    version: Version
    statement: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that cannot come in: why, and where in it, as a JSON pointer."""

    number: int
    id: str
    code: str
    message: str
    pointer: str = ""


def examine(lines: Iterable[Line]) -> Iterator[Sound | Bad]:
    """Which lines are statements, each with an id of its own."""
    seen: set[int] = set()
    for line in lines:
        try:
            sound = _read(line)
        except CadreError as error:
            yield Bad(line.number, "", error.code, error.detail, next(iter(error.errors), ""))
            continue
        mark = hash(sound.id.bytes)  # a file may hold millions
        if mark in seen:
            yield Bad(
                line.number, str(sound.id), "twice", "The same id stands in an earlier line: leave one out.", "/id"
            )
            continue
        seen.add(mark)
        yield sound


def in_batches(lines: Iterable[Sound]) -> Iterator[list[Sound]]:
    """Statements that may be taken in together: not too many, and of one version of xAPI."""
    batch: list[Sound] = []
    for line in lines:
        if batch and (len(batch) == AT_ONCE or batch[0].version != line.version):
            yield batch
            batch = []
        batch.append(line)
    if batch:
        yield batch


def compare(batch: Sequence[Sound]) -> tuple[list[Sound], list[Bad]]:
    """Those that are not stored yet, and those whose id is taken by something else."""
    there = kept([line.id for line in batch])
    new = [line for line in batch if line.id not in there]
    bad = []
    for line in batch:
        known = there.get(line.id)
        if known is ERASED:
            bad.append(refusal(line, Conflict("It was stored once and has been erased: it does not come back.")))
        elif known is not None and not same(known, line.statement):
            bad.append(refusal(line, Conflict("It is stored already and says something else: it stays as it is.")))
    return new, bad


def take(batch: Sequence[Sound]) -> None:
    """Store statements, all or none; what is stored already and says the same is left alone. Raises CadreError."""
    texts = [line.text for line in batch]
    body = texts[0] if len(texts) == 1 else b"[" + b",".join(texts) + b"]"
    inbound.accept(actor=SENDER, body=body, version=batch[0].version)


def note(*, actor: Actor, file: str, digest: str, stored: int, refused: int) -> None:
    """Keep in the audit log that a file came in."""
    after = {"file": file, "statements": stored, "refused": refused}
    audit.note(actor=actor, action="records.imported", subject=("file", digest), after=after)
    db.session.flush()


def refusal(line: Sound, error: CadreError) -> Bad:
    """Why a statement cannot come in."""
    return Bad(line.number, str(line.id), error.code, error.detail, next(iter(error.errors), ""))


def _read(line: Line) -> Sound:
    if line.text is None:
        raise wrong("", f"is longer than {LONGEST_LINE // 2**20} MiB: no statement is.")
    pieces = strict_json.pieces(line.text)
    if pieces.many:
        raise wrong("", "is an array: write each statement on a line of its own.")
    statement = pieces.each[0].value
    version = _version(statement)
    validate(statement, version=version)
    if "id" not in statement:
        raise wrong("/id", "is missing: without it the statement could not be known again.")
    attachments.check(statement, NO_PARTS, "", version=version)
    return Sound(line.number, UUID(statement["id"]), line.text, version, statement)


def _version(statement: Any) -> Version:
    """The version of xAPI that a statement says it is of; the present one where it says none."""
    said = statement.get("version") if isinstance(statement, dict) else None
    return "1.0.3" if isinstance(said, str) and said.startswith("1.") else "2.0.0"
