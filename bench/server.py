"""The served app under load: requests a second of a match beside an empty view, same gunicorn.

``wrk`` (Debian) makes the load when it is installed; else threads of this process do, which takes
processor time from the server. Processor time of the server's processes is given too: it does not
depend on who makes the load.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from bench.cases import CASES, MAIN

CONNECTIONS = 8
ROUNDS = 4
SECONDS = 3
_TICK = os.sysconf("SC_CLK_TCK")
#: What a request is -> path, and whether every request asks what was never asked before.
LOADS = {
    "empty view": ("/empty", False),
    "match, asked before": ("/v1/match", False),
    "match, new": ("/v1/match", True),
}
#: Every thread of wrk counts on from a number of its own; AGE stands for it in the body.
_LUA = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local text, number = [[%s]], %d
request = function()
  number = number + 1
  local body = string.gsub(text, "AGE", string.format("%%.6f", number %% 1e8 / 1e6))
  return wrk.format(nil, nil, nil, body)
end
"""


def never_asked(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a case again and again, with an age that was not asked about before."""
    for number in count():
        yield {**case, "patient": {"age_years": 60 + number / 1e6}}


def measure() -> list[tuple[str, float, float]]:
    """Return (name, requests a second, server processor microseconds a request), medians."""
    known = orjson.dumps(CASES[MAIN])
    new = orjson.dumps({**CASES[MAIN], "patient": {"age_years": 0}}).replace(b":0}", b":AGE}")
    rates: dict[str, list[float]] = {name: [] for name in LOADS}
    costs: dict[str, list[float]] = {name: [] for name in LOADS}
    with serving() as (port, pid):
        for _ in range(ROUNDS):
            for name, (path, is_new) in LOADS.items():
                before = _processor_seconds(pid)
                requests, seconds = _load(port, path, new if is_new else known)
                used = _processor_seconds(pid) - before
                rates[name].append(requests / seconds)
                costs[name].append(1e6 * used / requests)
    return [(name, median(rates[name]), median(costs[name])) for name in LOADS]


def load_maker() -> str:
    """Return the name of what makes the load."""
    return "wrk" if shutil.which("wrk") else "threads of this process (install wrk for a fair load)"


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """Serve as configured on a free port; gives the port and the number of the main process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
    command += ["--log-level", "warning", "bench.app:app"]
    server = subprocess.Popen(command, env={**os.environ, "PORT": str(port)})
    try:
        _wait(port, server)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server was not ready in time")


def processes(pid: int) -> Iterator[Path]:
    """Yield the folders below /proc of a process and of its children."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(stat.parent.name) == pid or int(fields[1]) == pid:
            yield stat.parent


def _processor_seconds(pid: int) -> float:
    """Return user and system time of a process and its children."""
    total = 0
    for folder in processes(pid):
        fields = Path(folder, "stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICK


def _load(port: int, path: str, body: bytes) -> tuple[int, float]:
    if shutil.which("wrk"):
        return _load_by_wrk(port, path, body)
    return _load_by_threads(port, path, body)


def _load_by_wrk(port: int, path: str, body: bytes) -> tuple[int, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA % (body.decode(), time.time_ns() % 10**9))
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script.name]
        output = subprocess.run(
            [*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True
        ).stdout
    found = re.search(r"(\d+) requests in ([\d.]+)s", output)
    if found is None or "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    return int(found[1]), float(found[2])


def _load_by_threads(port: int, path: str, body: bytes) -> tuple[int, float]:
    counts = [0] * CONNECTIONS
    end = time.monotonic() + SECONDS

    def work(index: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < end:
            age = b"%.6f" % (time.monotonic_ns() % 10**8 / 1e6)
            asked = body.replace(b"AGE", age)
            connection.request("POST", path, asked, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"{path} answered {response.status}")
            counts[index] += 1

    threads = [threading.Thread(target=work, args=(index,)) for index in range(CONNECTIONS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.monotonic() - started
