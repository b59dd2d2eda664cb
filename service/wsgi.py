"""The WSGI entry point for gunicorn: ``service.wsgi:app``."""

from __future__ import annotations

import sys

from service.app import create_app
from service.errors import KnowledgeBaseError

try:
    app = create_app()
except KnowledgeBaseError as error:
    sys.exit(f"Cannot serve: {error}")
