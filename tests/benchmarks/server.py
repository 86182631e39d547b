"""
A carrier that answers at once, hangs, or drips. Run as a process of its own.

``python server.py KIND FOLDER`` prints its port and serves until its standard input
ends. FOLDER holds whole HTTP answers: ``get``, ``post``; for ``tls`` also ``cert.pem``.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

#: Seconds after which a carrier that drips or hangs gives up.
PATIENCE_S = 2.0
_END_OF_HEAD = b"\r\n\r\n"


def main(kind: str, folder: str) -> None:
    """
    Serve until standard input ends.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    answers = {name: (Path(folder) / name).read_bytes() for name in ("get", "post")}
    serve: Callable[[], None]
    if kind == "plain":
        serve = lambda: answer_all(listener, answers)  # noqa: E731
    else:
        one = {"tls": with_tls(folder, answers), "hung": hang, "drip": drip}[kind]
        serve = lambda: one_by_one(listener, one)  # noqa: E731
    threading.Thread(target=serve, daemon=True).start()
    sys.stdin.read()


def answer_all(listener: socket.socket, answers: dict[str, bytes]) -> None:
    """
    Answer every request on every kept connection, with one thread and one poll.
    """
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    connections: dict[int, socket.socket] = {}
    partial: dict[int, bytes] = {}
    while True:
        for number, _ in poll.poll():
            if number == listener.fileno():
                new, _ = listener.accept()
                new.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connections[new.fileno()] = new
                poll.register(new, select.POLLIN)
                continue
            sock = connections[number]
            try:
                data = sock.recv(65536)
                request = partial.pop(number, b"") + data
                if data and not complete(request):
                    partial[number] = request
                elif data:
                    sock.sendall(answers["get" if request.startswith(b"GET") else "post"])
            except OSError:
                data = b""
            if not data:
                poll.unregister(number)
                connections.pop(number).close()


def complete(request: bytes) -> bool:
    """
    Whether head and body are there; nobody sends two at once.
    """
    end = request.find(_END_OF_HEAD)
    if end < 0:
        return False
    head = request[:end].lower()
    at = head.find(b"content-length:")
    length = 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])
    return len(request) >= end + len(_END_OF_HEAD) + length


def one_by_one(listener: socket.socket, serve: Callable[[socket.socket], None]) -> None:
    """
    Serve each connection in a thread of its own.
    """

    def serving(sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError):
            serve(sock)

    while True:
        new, _ = listener.accept()
        new.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serving, args=(new,), daemon=True).start()


def with_tls(folder: str, answers: dict[str, bytes]) -> Callable[[socket.socket], None]:
    """
    Return a carrier that shakes hands and answers GETs.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = Path(folder) / "cert.pem"
    if certificate.exists():
        context.load_cert_chain(certificate)

    def serve(sock: socket.socket) -> None:
        with context.wrap_socket(sock, server_side=True) as secure:
            while secure.recv(65536):
                secure.sendall(answers["get"])

    return serve


def hang(sock: socket.socket) -> None:
    """
    Take the request and say nothing.
    """
    sock.recv(65536)
    time.sleep(PATIENCE_S)


def drip(sock: socket.socket) -> None:
    """
    Answer, a byte every twentieth of a second.
    """
    sock.recv(65536)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(round(PATIENCE_S / 0.05)):
        sock.sendall(b" ")
        time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
