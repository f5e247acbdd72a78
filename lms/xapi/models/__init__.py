"""The record's tables."""

from lms.xapi.models.credentials import Credential
from lms.xapi.models.statements import Activity, Agent, StatementRow, Verb

__all__ = ["Activity", "Agent", "Credential", "StatementRow", "Verb"]
