"""The smallest parts where they stand alone, as a parameter or a key: `iri(value, "/verb", version)`."""

from __future__ import annotations

from lms.xapi.rules.validate import words
from lms.xapi.rules.validate.flaws import kind, pointed

__all__ = ["iri", "kind", "language", "media_type", "sha2", "uuid"]

iri = pointed(words.iri)
uuid = pointed(words.uuid)
language = pointed(words.language)
sha2 = pointed(words.sha2)
media_type = pointed(words.media_type)
