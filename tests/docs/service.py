"""The service of the pages: the README's own ``make run``, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.docs.console import ADDRESS, ROOT, SERVE

_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Served:
    """A running service: its address, and what ``make run`` has printed."""

    address: str
    printed: list[str]


@contextmanager
def serve() -> Iterator[Served]:
    """Run ``make run`` until the block ends; it compiles the knowledge base when that is due."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    # One worker: a second one that is still starting would miss the signal to stop.
    environment |= {"PORT": str(port), "WORKERS": "1", "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                SERVE.split(), cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        try:
            _wait(process, address, log)
            text = log.read_text("utf-8").replace(address, ADDRESS)
            yield Served(address, [line.rstrip() for line in text.splitlines()])
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"make run ended:\n{log.read_text('utf-8')}")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"make run did not answer within {_SECONDS} s:\n{log.read_text('utf-8')}")
