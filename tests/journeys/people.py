"""Accounts for those who act in the journeys beside the demonstration's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT
from tests.journeys.conftest import Product
from tests.journeys.visitor import PASSWORD


def newcomer(product: Product, name: str, *, role: str = "learner", agency: str = "FIN-TAX") -> str:
    """Open an account in the running product, as an operator does; give its mail address."""
    email = f"{name}@valdora.example"
    lms = str(Path(sys.executable).parent / "lms")
    asked = ["--email", email, "--role", role, "--agency", agency, "--password", PASSWORD, "--json"]
    environ = os.environ | {"LMS_VAR": str(product.var), "LMS_BASE_URL": product.url}
    environ.pop("DATABASE_URL", None)
    done = subprocess.run(
        [lms, "users", "create", *asked], cwd=ROOT, env=environ, check=True, capture_output=True, text=True
    )
    assert json.loads(done.stdout)["email"] == email
    return email
