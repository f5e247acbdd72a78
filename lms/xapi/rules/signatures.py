"""Signed statements (xAPI 2.6): a JSON web signature over the statement as it was before the signature was added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.xapi.rules.errors import wrong
from lms.xapi.rules.sameness import same
from lms.xapi.rules.validate import Version, validate

USAGE = "http://adlnet.gov/expapi/attachments/signature"
CONTENT_TYPE = "application/octet-stream"


def check(statement: Mapping[str, Any], content: bytes, at: str, version: Version) -> None:
    """Whether a signature is one of ours to trust and says the same as its statement; raises Malformed at `at`."""
    from lms.xapi.rules import web_signatures  # with its libraries 8 MB, and few statements are signed

    _says_the_same(statement, web_signatures.signed_text(content.strip(), at), at, version)


def is_signature(attachment: Mapping[str, Any]) -> bool:
    """Whether an attachment is a statement's signature."""
    return bool(attachment["usageType"] == USAGE)


def _says_the_same(statement: Mapping[str, Any], payload: bytes, at: str, version: Version) -> None:
    """Compare what was signed with what was sent, without what comes after signing (xAPI 2.3.1, 2.6)."""
    try:
        signed = strict_json.read(payload)
        validate(signed, version=version)
    except Malformed as error:
        raise wrong(at, f"signs something that is no statement: {error.detail}") from None
    unsigned, is_other = _before_signing(statement), False
    if "id" in signed and "id" in statement:
        is_other = signed["id"].lower() != statement["id"].lower()
    if is_other or not same(unsigned, _before_signing(signed)):
        raise wrong(at, "signs another statement than the one it came with.")


def _before_signing(statement: Mapping[str, Any]) -> dict[str, Any]:
    others = [attachment for attachment in statement.get("attachments", ()) if not is_signature(attachment)]
    bare = {key: value for key, value in statement.items() if key != "attachments"}
    return {**bare, "attachments": others} if others else bare
