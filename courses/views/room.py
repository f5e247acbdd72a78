"""The blueprint of this room."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("courses", __name__, template_folder="../templates")
