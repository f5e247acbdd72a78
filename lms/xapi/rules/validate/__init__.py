"""Whether what came from outside is a statement (xAPI 1.0.3 and 2.0.0, "Data"), by tables of shapes.

The first thing that is wrong is named with its place as a JSON pointer; all is refused with 400 (E6, E7).
"""

from __future__ import annotations

from lms.xapi.rules.validate.atoms import Version
from lms.xapi.rules.validate.people import SOMEBODY
from lms.xapi.rules.validate.whole import validate

__all__ = ["SOMEBODY", "Version", "validate"]
