"""Which tests share a worker: those that share something costly or get in each other's way.

Groups are by path, since xdist 3.8 loses the marks of its own groups with pytest 9.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

#: Path below ``tests/`` -> group. Two browsers at once are too much for a small machine, and the
#: generated clients are built in one folder. The first that fits counts.
_TOGETHER = {
    "browser/": "browser",
    "docs/test_site.py": "browser",
    "clients/": "clients",
    "docs/": "docs",
}
#: Folders whose tests share a running service or a compiled file, file by file.
_BY_FILE = ("contract/", "cli/", "explorer/", "reasoning/")


def group_of(nodeid: str) -> str:
    """Return the group of a test: all of one group run in one worker, in their order."""
    path, _, _ = nodeid.partition("::")
    below = path.partition("tests/")[2]
    for start, group in _TOGETHER.items():
        if below.startswith(start):
            return group
    return path if below.startswith(_BY_FILE) else nodeid


class ByPath(LoadScopeScheduling):
    """Gives a worker whole groups."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Give xdist the scheduler of this suite."""
    return ByPath(config, log)
