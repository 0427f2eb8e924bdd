"""Answers that must be whole in time: a partner that dribbles them holds nobody."""

import http.client
import io
import socket
import time
from typing import Any

# From the end of a request to the last byte of its answer.
WHOLE_ANSWER_S = 10


class AnswerInTime(http.client.HTTPResponse):
    """An answer, its headers included, that raises TimeoutError where it is not whole in time."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp.close()
        give_up_at = time.monotonic() + WHOLE_ANSWER_S
        self.fp = io.BufferedReader(_ReaderInTime(sock, give_up_at))


class _ReaderInTime(io.RawIOBase):
    """Reads what has come of a socket, and waits for it no longer than until the deadline."""

    def __init__(self, sock: socket.socket, give_up_at: float) -> None:
        super().__init__()
        self._sock = sock
        self._give_up_at = give_up_at
        # Keeps the socket open until the answer is read, though the connection is closed.
        self._socket_file = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left_s = self._give_up_at - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left_s)
        return self._socket_file.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._socket_file.close()
        super().close()
