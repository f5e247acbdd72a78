"""Contents of attachments, for statements that a reader was given."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, select

from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.xapi.models import Agent, Attachment, AttachmentSender
from lms.xapi.policy import only_own
from lms.xapi.rules.multipart import Part


def contents(actor: Actor, hashes: Collection[str]) -> list[Part]:
    """The contents under these hashes, as far as they are kept, in the order of their hashes.

    The caller has read the statements that name them under the actor's own scope. To name a content is not to have
    it: whoever may read only what is his own gets what he sent himself.
    """
    if not hashes:
        return []
    wanted = select(Attachment.sha2, Attachment.content_type, Attachment.content).where(Attachment.sha2.in_(hashes))
    own = only_own(actor)
    if own is not None:
        sent = AttachmentSender.sha2 == Attachment.sha2
        wanted = wanted.where(
            exists().where(sent, AttachmentSender.authority_id == Agent.id, Agent.ifi == own).correlate(Attachment)
        )
    rows = db.session.execute(wanted.order_by(Attachment.sha2))
    return [Part(row.sha2, row.content_type, bytes(row.content)) for row in rows]
