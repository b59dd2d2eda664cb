"""The service that the generated clients ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.docs.service import serve


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Return the address of the service that ``make run`` starts."""
    with serve() as served:
        yield served.address
