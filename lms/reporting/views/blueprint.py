"""Where the pages of this room hang."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("reporting", __name__, template_folder="../templates")
ID = "int(max=2147483647)"
FORM = "any(csv, xlsx)"
