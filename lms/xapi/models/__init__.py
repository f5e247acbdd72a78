"""The record's tables."""

from lms.xapi.models.attachments import Attachment
from lms.xapi.models.credentials import Credential, Launch
from lms.xapi.models.documents import Document
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
    "Credential",
    "Document",
    "Inherited",
    "Launch",
    "Link",
    "Reference",
    "StatementId",
    "StatementRow",
    "Verb",
]
