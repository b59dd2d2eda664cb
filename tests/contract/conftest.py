"""What the tests of the contract share: the document, and its operations."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from service.api.openapi.document import openapi_document


@pytest.fixture(scope="session")
def document(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document of the running application."""
    return openapi_document(app)
