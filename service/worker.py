"""A gunicorn worker whose threads are taken by requests only, never by those who just connect.

gunicorn's own threaded worker gives a new connection a thread at once, waits for a slow client
without an end, and lingers over a closing one in the loop that accepts the others. Here a
connection waits in the loop until its first byte, a client that stalls or drips is dropped, and
closing is done by the thread that answered. A buffering proxy in front does all of it better.
"""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import ssl
import time
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.http import errors
from gunicorn.http.errors import (
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    ParseException,
)
from gunicorn.workers.gthread import TConn, ThreadWorker

#: What is no request -> status and reason; anything else that cannot be parsed is 400.
_REFUSALS: dict[type[BaseException], tuple[int, str]] = {
    errors.ExpectationFailed: (417, "Expectation Failed"),
    errors.ForbiddenProxyRequest: (403, "Forbidden"),
    errors.LimitRequestHeaders: (431, "Request Header Fields Too Large"),
    errors.LimitRequestLine: (414, "URI Too Long"),
    errors.UnsupportedTransferCoding: (501, "Not Implemented"),
}
#: Seconds in which a client must send or take something.
STALL_SECONDS = 20.0
#: Bytes a second that a client must send, on average, once it is slower than that.
LEAST_BYTES_A_SECOND = 64.0


class PatientSocket(socket.socket):
    """A socket that blocks for so long and no longer; who keeps it waiting has hung up.

    It measures the rate of what is received from ``begin`` on.
    """

    _began = 0.0
    _received = 0

    @classmethod
    def taking(cls, other: socket.socket) -> PatientSocket:
        """Return one in place of an accepted socket."""
        return cls(other.family, other.type, other.proto, fileno=other.detach())

    def begin(self) -> None:
        """Start to measure: a request begins."""
        self._began, self._received = time.monotonic(), 0

    def setblocking(self, flag: bool) -> None:
        """Block for ``STALL_SECONDS`` where another socket blocks for ever."""
        self.settimeout(STALL_SECONDS if flag else 0.0)

    def recv(self, *arguments: Any) -> bytes:
        """Receive as always.

        Raises:
            ConnectionResetError: nothing came in time, or too little on average.
        """
        waited = time.monotonic() - self._began - STALL_SECONDS
        if self._began and waited > 0 and self._received < waited * LEAST_BYTES_A_SECOND:
            raise _hung_up()
        try:
            content = super().recv(*arguments)
        except TimeoutError as error:
            raise _hung_up() from error
        self._received += len(content)
        return content

    def sendall(self, *arguments: Any) -> None:
        """Send as always.

        Raises:
            ConnectionResetError: the client does not take it.
        """
        try:
            super().sendall(*arguments)
        except TimeoutError as error:
            raise _hung_up() from error


def _hung_up() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "the client is too slow")


class Connection(TConn):  # type: ignore[misc]
    """A connection that can be closed twice, since the thread that answered closes it first."""

    _is_closed = False

    def close(self, graceful: bool = False) -> None:
        """Close it, lingering for what the client still sends when that is asked for."""
        if not self._is_closed:
            self._is_closed = True
            super().close(graceful)


class Worker(ThreadWorker):  # type: ignore[misc]
    """The threaded worker of gunicorn, patient in its loop and not in its threads."""

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and wait in the loop for its first byte."""
        connection = self._take(listener)
        if connection is None:
            return
        self.nr_conns += 1
        connection.set_timeout()
        self.pending_conns.append(connection)
        self.poller.register(
            connection.sock,
            selectors.EVENT_READ,
            partial(self.on_pending_socket_readable, connection),
        )

    def handle(self, conn: Connection) -> Any:
        """Answer a request; close here what is not kept, since closing may take seconds."""
        conn.sock.begin()
        is_kept = super().handle(conn)
        if is_kept is False:
            conn.close(graceful=True)
        return is_kept

    def murder_keepalived(self, force: bool = False) -> None:
        """Close what waited too long; at the end (``force``) first take who waits at the door.

        Each worker has a queue of its own, and who stands in it when it is closed is cut off.
        """
        super().murder_keepalived(force)
        for listener in self.sockets if force else ():
            while (connection := self._take(listener)) is not None:
                self.tpool.submit(self._handle_last, connection)
            listener.close()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer a request that is none, or whose view broke, and quote nothing of it.

        gunicorn would put the line of the request, or the header, into its log and its answer.
        """
        is_theirs = isinstance(exc, (ParseException, ssl.SSLError)) and not isinstance(
            exc, InvalidResponseHeader | InvalidResponseHeaderName
        )
        kind = type(exc).__name__
        if is_theirs:
            status, reason = _REFUSALS.get(type(exc), (400, "Bad Request"))
            self.log.warning("Refused what is no request: %s", kind)
        else:
            status, reason = 500, "Internal Server Error"
            self.log.error("Error handling request", exc_info=exc)
        with contextlib.suppress(OSError):
            util.write_error(client, status, reason, kind if is_theirs else "")

    def _handle_last(self, connection: Connection) -> None:
        self.handle(connection)
        connection.close(graceful=True)

    def _take(self, listener: socket.socket) -> Connection | None:
        """Return a connection that waits to be taken, if there is one."""
        try:
            accepted, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return None
        here = listener.getsockname()
        return Connection(self.cfg, PatientSocket.taking(accepted), address, here)
