"""What may be seen of coverage, of the people behind it, and of what proves it."""

from __future__ import annotations

SEE = "coverage.see"
EXPORT = "coverage.export"
PEOPLE = "people.see"
EVIDENCE = "evidence.see"
