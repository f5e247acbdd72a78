"""Contents of attachments, each kept once however many statements name it."""

from __future__ import annotations

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain


class Attachment(Base):
    """The content of an attachment under its SHA-2 hash."""

    __tablename__ = "xapi_attachment"

    sha2: Mapped[str] = personal(String(128), primary_key=True)
    content_type: Mapped[str] = plain(String(200))
    length: Mapped[int] = plain()
    content: Mapped[bytes] = personal(LargeBinary)


class AttachmentSender(Base):
    """Who sent a content, by the key of the authority: whoever reads only what is his own gets no other's."""

    __tablename__ = "xapi_attachment_sender"
    __table_args__ = {"sqlite_with_rowid": False}

    sha2: Mapped[str] = personal(String(128), primary_key=True)
    authority_id: Mapped[int] = plain(Integer, primary_key=True, autoincrement=False)
