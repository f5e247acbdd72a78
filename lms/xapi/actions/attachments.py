"""Attachments on the way in: every one has its content or its address, and contents are kept once (xAPI 2.4.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from lms.kernel.db import db
from lms.kernel.db.fresh import insert_unless_there
from lms.kernel.errors import Malformed
from lms.xapi.models import Attachment, AttachmentSender
from lms.xapi.rules import signatures
from lms.xapi.rules.errors import wrong
from lms.xapi.rules.multipart import HASH_HEADER, Part
from lms.xapi.rules.validate import Version

LONGEST_TYPE = 200


def check(statement: Mapping[str, Any], parts: Mapping[str, Part], at: str, *, version: Version) -> None:
    """Whether each attachment of a statement has content or address, and each signature holds; raises Malformed."""
    for place, attachment in attachments(statement):
        here = f"{at}{place}"
        part = parts.get(attachment["sha2"].lower())
        if part is None and "fileUrl" not in attachment:
            raise wrong(here, 'lacks "fileUrl", and no part of the body has its sha2: send its content or its address.')
        if signatures.is_signature(attachment):
            _check_signature(statement, attachment, part, here, version)


def make_sure_named(batch: Sequence[Mapping[str, Any]], parts: Mapping[str, Part]) -> None:
    """Refuse content that no attachment of the batch names."""
    if not parts:
        return
    named = {attachment["sha2"].lower() for statement in batch for _, attachment in attachments(statement)}
    for sha2 in parts.keys() - named:
        raise Malformed(f"A part has the {HASH_HEADER} {sha2}, which is the sha2 of no attachment: leave it out.")


def keep(parts: Mapping[str, Part], authority_id: int) -> None:
    """Store each content unless it is there already, and who sent it."""
    if not parts:
        return
    there = set(db.session.scalars(select(Attachment.sha2).where(Attachment.sha2.in_(parts))))
    for sha2 in sorted(parts.keys() - there):  # in one order, so that two senders never wait for each other
        part = parts[sha2]
        row = {"sha2": sha2, "content_type": part.content_type[:LONGEST_TYPE], "length": len(part.content)}
        db.session.execute(insert_unless_there(Attachment), {**row, "content": part.content})
    senders = [{"sha2": sha2, "authority_id": authority_id} for sha2 in sorted(parts)]
    db.session.execute(insert_unless_there(AttachmentSender), senders)


def attachments(statement: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The attachments of a statement and of its sub-statement, each with its place."""
    for index, attachment in enumerate(statement.get("attachments", ())):
        yield f"/attachments/{index}", attachment
    if statement["object"].get("objectType") == "SubStatement":
        for index, attachment in enumerate(statement["object"].get("attachments", ())):
            yield f"/object/attachments/{index}", attachment


def _check_signature(
    statement: Mapping[str, Any], attachment: Mapping[str, Any], part: Part | None, at: str, version: Version
) -> None:
    if attachment["contentType"] != signatures.CONTENT_TYPE:
        raise wrong(f"{at}/contentType", f'must be "{signatures.CONTENT_TYPE}": the attachment is a signature.')
    if part is None:
        raise wrong(at, "is a signature: send it along as a part of the body, not by address.")
    signatures.check(statement, part.content, at, version)
