"""The WSGI entry point for gunicorn: ``service.wsgi:app``."""

from __future__ import annotations

import sys

from service.app import create_app
from service.errors import KnowledgeBaseError, SettingsError

try:
    app = create_app()
except (KnowledgeBaseError, SettingsError) as error:
    sys.exit(f"Cannot serve: {error}")
