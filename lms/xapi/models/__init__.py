"""The record's tables."""

from lms.xapi.models.attachments import Attachment, AttachmentSender
from lms.xapi.models.credentials import Credential, Launch
from lms.xapi.models.documents import Document
from lms.xapi.models.retention import Carried, Disposal, LegalHold, RetentionRule
from lms.xapi.models.statements import (
    Activity,
    Agent,
    Inherited,
    Link,
    Reference,
    StatementId,
    StatementRow,
    Verb,
)

__all__ = [
    "Activity",
    "Agent",
    "Attachment",
    "AttachmentSender",
    "Carried",
    "Credential",
    "Disposal",
    "Document",
    "Inherited",
    "Launch",
    "LegalHold",
    "Link",
    "Reference",
    "RetentionRule",
    "StatementId",
    "StatementRow",
    "Verb",
]
