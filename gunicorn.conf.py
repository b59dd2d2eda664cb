"""How gunicorn serves the app; HOST, PORT and WORKERS override.

Threads, not greenlets: a match is pure computation. Every worker has a listening socket of its own
(``reuse_port``), since kept-alive connections could otherwise all land on one worker. The app is
loaded once, before the fork, and its objects are frozen so that the workers share their pages.
"""

from __future__ import annotations

import gc
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from typing import Any

from service.logs import log_config


def _cores() -> int:
    """Return the cores this process may use, which a container may have cut."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _number(name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
        sys.exit(f"{name} must be a whole number from 1 to {most}, not {text!r}.")
    return int(text)


_host = os.environ.get("HOST") or "127.0.0.1"
_port = _number("PORT", os.environ.get("PORT") or "8000", 65535)


def _share_counts() -> None:
    """Give the processes a folder in which they count together; without one nothing is counted.

    The library reads its name when it is imported, so it is set before the app is.
    """
    memory = "/dev/shm"
    place = memory if os.access(memory, os.W_OK) else None
    try:
        os.environ[_COUNTS] = tempfile.mkdtemp(prefix=_OWN, dir=place)
    except OSError:
        os.environ["METRICS"] = "0"


_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
_OWN = f"therapy-match-{os.getpid()}-"
if _COUNTS not in os.environ:
    _share_counts()

wsgi_app = "service.wsgi:app"
bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
workers = _number("WORKERS", os.environ.get("WORKERS") or str(max(2, _cores())), 1024)
worker_class = "service.worker.Worker"
threads = 128  # made when they are needed; a client that is slow to send or to read holds one
reuse_port = True
preload_app = True
keepalive = 5
timeout = 30
graceful_timeout = 30
logconfig_dict = log_config(is_terminal=sys.stderr.isatty())
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Refuse to be open to everybody unless that is wanted, and a port that is taken."""
    _require_known_callers(server.cfg.address)
    _require_free_ports(server)


def _require_known_callers(addresses: list[Any]) -> None:
    """End when others can reach the service and it would not know them."""
    from service.config import read_settings

    settings = read_settings()
    if settings.api_keys_file or settings.allow_anonymous:
        return
    for host in (address[0] for address in addresses if isinstance(address, tuple)):
        if not _is_loopback(host):
            sys.exit(
                f"Cannot serve on {host}: others can reach it, and no keys are asked for. Set "
                "API_KEYS_FILE (therapy-match keys add), or ALLOW_ANONYMOUS=1 if all may ask."
            )


def _is_loopback(host: str) -> bool:
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except OSError:
        return True  # it cannot be bound either, which is said in its own words
    return all(ipaddress.ip_address(text.partition("%")[0]).is_loopback for text in found)


def _require_free_ports(server: Any) -> None:
    """End at a taken port: with ``reuse_port`` two servers would share it silently."""
    if "GUNICORN_PID" in os.environ:  # an upgrade in place: the old server has the port by right
        return
    for host, port in (address for address in server.cfg.address if isinstance(address, tuple)):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                other = "HOST" if isinstance(error, socket.gaierror) else "PORT"
                sys.exit(f"Cannot serve on {host}:{port}: {error.strerror}. Try another {other}.")


def on_reload(server: Any) -> None:
    """On SIGHUP serve the knowledge that is in place now; what cannot be opened changes nothing."""
    from service import wsgi
    from service.app import create_app
    from service.errors import KnowledgeBaseError, SettingsError

    try:
        app = create_app()
    except (KnowledgeBaseError, SettingsError) as error:
        server.log.error("Goes on with the knowledge it has: %s", error)
        return
    gc.unfreeze()
    wsgi.app = server.app.callable = app
    gc.collect()
    gc.freeze()


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a worker counted, and drop what held only while it lived."""
    if _COUNTS in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Remove the counts, unless another server goes on with them (an upgrade in place)."""
    if _OWN in os.environ.get(_COUNTS, "") and not server.reexec_pid:
        shutil.rmtree(os.environ[_COUNTS], ignore_errors=True)


def when_ready(server: Any) -> None:
    """Freeze what the preloaded app holds, just before the workers are forked."""
    gc.collect()
    gc.freeze()
