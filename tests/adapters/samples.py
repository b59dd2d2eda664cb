"""Where example files of others lie, which are no part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

_NAMED = os.environ.get("THERAPY_MATCH_SAMPLES")
#: The folder that ``THERAPY_MATCH_SAMPLES`` names; without it no test of a sample is collected.
SAMPLES = Path(_NAMED) if _NAMED else None
