"""What the service is for, in the words that every answer and every page carries."""

from __future__ import annotations

INTENDED_USE = (
    "Research and education only. Not a medical device; not for diagnosis or treatment decisions. "
    "Check every statement against its source."
)
