"""Whether what came from outside is a statement (xAPI 1.0.3 and 2.0.0, "Data"), by tables of shapes.

The first thing that is wrong is named with its place as a JSON pointer; all is refused with 400 (E6, E7).
"""

from __future__ import annotations

from lms.xapi.rules.validate import people
from lms.xapi.rules.validate.flaws import Version, pointed
from lms.xapi.rules.validate.whole import validate

SOMEBODY = pointed(people.SOMEBODY)

__all__ = ["SOMEBODY", "Version", "validate"]
