"""
Figures 1, 2 and 9 to 11: whole calls over the network of this computer.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import orjson
import urllib3
from measure import Row, Run, in_turns, installed, medians, row
from sample import BODY, DELIVERY, HEADERS, KEYS, QUOTE, REQUEST, TRACK, Journal, carrier, connect

import doorstep
from doorstep.http import HttpPool

ID = f"doordash/default/{DELIVERY}"
_THREADS = 8
_IN_FLIGHT = 32


def one_call(run: Run) -> list[Row]:
    """
    Measure a quote and a track beside bare urllib3 with orjson, dict in and dict out.
    """
    with carrier() as host, urllib3.PoolManager() as pool:
        base = f"http://{host}"
        post, get = _bare(pool, base)
        raw, _ = in_turns(_raw(host), None, run)
        note = f"raw socket {raw * 1e6:.0f} µs"
        rows = []
        with connect(base) as client:
            rows += [
                row("quote", "µs", in_turns(lambda: client.quote(REQUEST), post, run), _BARE),
                row("track", "µs", in_turns(lambda: client.track(ID), get, run), _BARE, note=note),
            ]
        for words, observers in (("no observer", []), ("an observer of bodies", [Journal()])):
            with connect(base, observers=observers) as client:
                timing = in_turns(lambda: client.track(ID), get, run)
                rows.append(row(f"track, {words}", "µs", timing, _BARE))
    return rows


def beside_requests(run: Run) -> list[Row]:
    """
    Measure the same beside ``requests.Session``.
    """
    requests = installed("requests")
    with carrier() as host, connect(f"http://{host}") as client:
        base = f"http://{host}"
        post = get = None
        if requests is not None:
            session = requests.Session()
            post = lambda: session.post(base + QUOTE, json=BODY, headers=HEADERS).json()  # noqa: E731
            get = lambda: session.get(base + TRACK, headers=HEADERS).json()  # noqa: E731
        against = "requests.Session"
        rows = [
            row("quote", "µs", in_turns(lambda: client.quote(REQUEST), post, run), against),
            row("track", "µs", in_turns(lambda: client.track(ID), get, run), against),
        ]
        if requests is not None:
            session.close()
        return rows


def new_connection(run: Run) -> list[Row]:
    """
    Measure a call that needs a new TLS connection, beside a bare one.
    """
    trustme = installed("trustme")
    if trustme is None:
        return [Row("new HTTPS connection", "ms", 0.0, note="trustme is not installed")]
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    pem = certificate.private_key_pem.bytes() + certificate.cert_chain_pems[0].bytes()
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with carrier("tls", pem) as host, HttpPool(maxsize=0, ssl_context=context) as pool:
        base = f"https://localhost:{host.rpartition(':')[2]}"
        with connect(base, pool=pool) as client:
            timing = in_turns(lambda: client.track(ID), _raw_tls(host, context), run)
    return [row("new HTTPS connection and call", "ms", timing, "raw TLS socket, orjson")]


def threads(run: Run) -> list[Row]:
    """
    Measure calls a second of eight threads that share a client.
    """
    with (
        carrier() as host,
        connect(f"http://{host}") as client,
        urllib3.PoolManager(maxsize=_THREADS) as pool,
    ):
        get = _bare(pool, f"http://{host}")[1]
        sides = [lambda: client.track(ID), get]
        blocks: list[list[float]] = [[], []]
        for _ in range(run.times(12, 1)):
            for side, rates in zip(sides, blocks, strict=True):
                rates.append(_per_second(side, 0.4 if not run.quick else 0.05))
        return [row("8 threads, track", "calls/s", medians(blocks), "urllib3, 8 threads")]


def tasks(run: Run) -> list[Row]:
    """
    Measure calls a second of 32 tasks that share an asynchronous client.
    """
    with carrier() as host:
        timing = asyncio.run(_tasks(f"http://{host}", run))
    return [row("AsyncClient, 32 in flight", "calls/s", timing, "aiohttp")]


_BARE = "urllib3 + orjson"


def _bare(pool: Any, base: str) -> tuple[Callable[[], Any], Callable[[], Any]]:
    def post() -> Any:
        answer = pool.request("POST", base + QUOTE, body=orjson.dumps(BODY), headers=HEADERS)
        return orjson.loads(answer.data)

    def get() -> Any:
        return orjson.loads(pool.request("GET", base + TRACK, headers=HEADERS).data)

    return post, get


def _message(host: str) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    return f"GET {TRACK} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()


def _ask(sock: socket.socket, request: bytes) -> Any:
    sock.sendall(request)
    data = sock.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    while len(body) < length:
        body += sock.recv(65536)
    return orjson.loads(body)


def _raw(host: str) -> Callable[[], Any]:
    """
    Return the least that a call can cost: one write, one read, orjson.
    """
    name, _, port = host.partition(":")
    sock = socket.create_connection((name, int(port)))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    request = _message(host)
    return lambda: _ask(sock, request)


def _raw_tls(host: str, context: ssl.SSLContext) -> Callable[[], Any]:
    port = int(host.rpartition(":")[2])
    request = _message(host)

    def ask() -> Any:
        with (
            socket.create_connection(("localhost", port)) as sock,
            context.wrap_socket(sock, server_hostname="localhost") as secure,
        ):
            return _ask(secure, request)

    return ask


def _per_second(side: Callable[[], Any], seconds: float) -> float:
    counts = [0] * _THREADS
    start = threading.Barrier(_THREADS + 1)

    def work(index: int) -> None:
        side()
        start.wait()
        while time.perf_counter() < until:
            side()
            counts[index] += 1

    workers = [threading.Thread(target=work, args=(index,)) for index in range(_THREADS)]
    until = float("inf")
    for worker in workers:
        worker.start()
    until = time.perf_counter() + seconds
    start.wait()
    began = time.perf_counter()
    until = began + seconds
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - began)


async def _tasks(base: str, run: Run) -> tuple[float, float | None]:
    aiohttp = installed("aiohttp")
    seconds = 0.05 if run.quick else 0.4
    blocks: list[list[float]] = [[], []] if aiohttp else [[]]
    async with doorstep.connect_async("doordash", base_url=base, **KEYS) as client:
        session = aiohttp.ClientSession() if aiohttp else None

        async def theirs() -> Any:
            async with session.get(base + TRACK, headers=HEADERS) as answer:  # type: ignore[union-attr]
                return orjson.loads(await answer.read())

        for _ in range(run.times(12, 1)):
            blocks[0].append(await _tasks_per_second(lambda: client.track(ID), seconds))
            if aiohttp:
                blocks[1].append(await _tasks_per_second(theirs, seconds))
        if session is not None:
            await session.close()
    return medians(blocks)


async def _tasks_per_second(side: Callable[[], Any], seconds: float) -> float:
    async def work() -> int:
        count = 0
        while time.perf_counter() < until:
            await side()
            count += 1
        return count

    await asyncio.gather(*(side() for _ in range(_IN_FLIGHT)))
    began = time.perf_counter()
    until = began + seconds
    counts = await asyncio.gather(*(work() for _ in range(_IN_FLIGHT)))
    return sum(counts) / (time.perf_counter() - began)
