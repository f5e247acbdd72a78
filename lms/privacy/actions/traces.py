"""What the log of deeds and the outbox say of somebody who is being erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import String, and_, cast, delete, func, null, or_, select, update

from lms.kernel.audit import AUDIT, AuditEvent
from lms.kernel.db import afterwards, run
from lms.kernel.jobs import Job
from lms.kernel.mail import SEND, Mail
from lms.kernel.sealing.sealer import erase
from lms.privacy.rules.naming import Names
