"""Ports for the embedded servers."""

import errno
import random
import socket

HOST = "127.0.0.1"
ANSWER_SECONDS = 2.0
# Below the range from which systems take ports for outgoing connections, so that a port is still
# free when its server comes back.
CANDIDATES = range(20_000, 30_000)


def is_free(port: int) -> bool:
    """Tell whether a server could listen on `port` of this machine now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def choose_port(preferred: int | None) -> int:
    """Return `preferred` if it is free, else a free port that was drawn by lot."""
    if preferred is not None and is_free(preferred):
        return preferred
    for port in random.sample(CANDIDATES, 200):
        if is_free(port):
            return port
    with socket.socket() as any_port:
        any_port.bind((HOST, 0))
        return int(any_port.getsockname()[1])


def answers(port: int) -> bool:
    """Tell whether a server takes connections on `port` of this machine."""
    try:
        socket.create_connection((HOST, port), ANSWER_SECONDS).close()
    except OSError:
        return False
    return True
