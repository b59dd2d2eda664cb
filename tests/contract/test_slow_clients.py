"""Clients that connect and say nothing, or are slow, hold up nobody else: a real gunicorn."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

import orjson
import pytest

from service.knowledge.store import KnowledgeBase
from service.worker import STALL_SECONDS
from tests.contract.test_server import ask, free_port, running, start, wait_until_ready

SECONDS = STALL_SECONDS / 2  # well before the slow ones are dropped
#: Many answers of a hundred kilobytes, more than the buffers of a socket hold.
BIG = orjson.dumps({"cases": [{"tumor_type": "LUAD", "biomarkers": ["EGFR L858R"]}] * 100})
Client = Callable[[socket.socket], None]


@pytest.fixture(scope="module")
def port(kb: KnowledgeBase) -> Iterator[int]:
    with running(kb.path) as chosen:
        yield chosen


def silent(_: socket.socket) -> None:
    """Say nothing."""


def half_a_header(client: socket.socket) -> None:
    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ")


def part_of_a_body(client: socket.socket) -> None:
    client.sendall(
        b"POST /v1/match HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b'Content-Length: 100000\r\n\r\n{"tumor_type": '
    )


def reads_nothing(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    head = (
        "POST /v1/match/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(BIG)}\r\n\r\n"
    )
    client.sendall(head.encode() + BIG)


def stays_after_closing(client: socket.socket) -> None:
    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


@pytest.mark.parametrize(
    ("how_many", "client"),
    [
        (300, silent),
        (32, half_a_header),
        (32, part_of_a_body),
        (8, reads_nothing),
        (32, stays_after_closing),
    ],
    ids=lambda value: value.__name__ if callable(value) else str(value),
)
def test_others_are_answered_beside_slow_clients(port: int, how_many: int, client: Client) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(how_many):
            slow = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
            held.enter_context(slow)
            client(slow)
        for _ in range(4):  # each lands on one of the workers
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as other:
                other.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                assert other.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_client_that_stalls_is_dropped_without_a_word_in_the_log(kb: KnowledgeBase) -> None:
    chosen = free_port()
    process = start(kb.path, chosen)
    try:
        wait_until_ready(process, chosen)
        with socket.create_connection(("127.0.0.1", chosen), timeout=STALL_SECONDS * 3) as slow:
            part_of_a_body(slow)
            assert slow.recv(65536).startswith(b"HTTP/1.1 400")
        assert ask(chosen, "GET", "/healthz")[0] == 200
    finally:
        process.terminate()
        printed, _ = process.communicate(timeout=60)
    assert "Traceback" not in printed
    assert "tumor_type" not in printed
