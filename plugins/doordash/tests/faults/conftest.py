"""
A client that talks HTTP to a Drive server, and somebody in between who can spoil it.

Both go by one clock that stands still, so that tokens, quotes and waits agree.
"""

from __future__ import annotations

import json

import attrs
import pytest

import doorstep
from doorstep.errors import ProviderError
from doorstep.http import Call, HttpPool, TransportError
from doorstep.models import Changes, DeliveryId, Money, RefundReason, StopChanges
from doorstep.testing import ManualClock
from doorstep_doordash.simulator import DriveOptions, DriveServer


class Meddler:
    """
    Pass every request on to the carrier, but do to some what a test says.

    A proxy, a captive portal or a lost packet: the carrier did its part, and the
    caller is told something else. *how* is given a function that passes the
    request on, and returns the answer or raises what the caller meets.
    """

    def __init__(self):
        self._pool = HttpPool()
        self._spoilt = []
        #: Passes on what was held back.
        self.deliver = None

    def spoil(self, method, how, *, ending=""):
        """
        Do *how* to the next request with that method, to a path with that ending.
        """
        self._spoilt.append((method, ending, how))

    def send(self, request, base_url, call):
        """
        Send, unless something else is to be done.
        """
        for one in self._spoilt:
            method, ending, how = one
            if request.method == method and request.path.encoded.endswith(ending):
                self._spoilt.remove(one)
                return how(lambda: self._pool.send(request, base_url, Call("passed on")))
        return self._pool.send(request, base_url, call)

    def hold(self, send):
        """
        Hold a request back until ``deliver()``; the caller gives up waiting.
        """
        self.deliver = send
        raise TransportError("timeout", sent=True)

    def close(self):
        """
        Let the connections go.
        """
        self._pool.close()


@pytest.fixture(name="clock")
def _clock():
    return ManualClock()


@pytest.fixture(name="drive")
def _drive(clock):
    options = DriveOptions(
        courier_walks=False,
        speed=0,
        start=clock.now(),
        real_time=lambda: clock.now().timestamp(),
    )
    with DriveServer(options) as server:
        yield server


@pytest.fixture(name="meddler")
def _meddler():
    meddler = Meddler()
    yield meddler
    meddler.close()


@pytest.fixture(name="client")
def _client(drive, clock, meddler):
    with doorstep.connect("doordash", **drive.credentials(), clock=clock, pool=meddler) as client:
        yield client


@pytest.fixture(name="lose")
def _lose():
    """
    What loses an answer after the carrier has done its part.
    """

    def lose(send):
        send()
        raise TransportError("reset", sent=True)

    return lose


@pytest.fixture(name="say")
def _say(answer, clock):
    """
    Return a maker of what answers in the carrier's place.
    """

    def say(body, status=200, *, reached=True):
        def how(send):
            if reached:
                send()
            return answer(body, status, at=clock.now())

        return how

    return say


@pytest.fixture(name="alter")
def _alter():
    """
    Return a maker of what changes fields of the carrier's answer; ``...`` leaves one out.
    """

    def alter(**changes):
        def how(send):
            response = send()
            body = {**json.loads(response.body), **changes}
            kept = {name: value for name, value in body.items() if value is not ...}
            return attrs.evolve(response, body=json.dumps(kept).encode())

        return how

    return alter


@pytest.fixture(name="tally")
def _tally(drive):
    """
    Return a function that counts POSTs that book, and deliveries that are live.
    """

    def tally():
        posts = sum(one.count for one in drive.journal.seen() if one.method == "POST")
        quotes = drive.journal.count("POST", "/drive/v2/quotes")
        return posts - quotes, sum(entry["live"] for entry in drive.books())

    return tally


@pytest.fixture(name="way", params=["create", "accept", "limited"])
def _way(request):
    """
    The three ways to book: at once, by a quote, and with a limit and no quote.
    """
    return request.param


@pytest.fixture(name="booking")
def _booking(way):
    """
    How the path ends that books.
    """
    return "/deliveries" if way == "create" else "/accept"


@pytest.fixture(name="dispatch")
def _dispatch(client, make_request, way):
    """
    Return a function that makes the very same dispatch every time.
    """
    request, options = make_request(), {}
    if way == "accept":
        options["quote"] = client.quote(request)[0]
    if way == "limited":
        options["max_fee"] = Money(975, "USD")
    return lambda: client.dispatch(request, **options)


class Scripted:
    """
    Answer with what a test has written down; the last answers all that follows.
    """

    def __init__(self, *answers):
        self._answers = list(answers)
        #: What was asked.
        self.requests = []

    def send(self, request, base_url, call):
        """
        Note the request, and answer.
        """
        self.requests.append(request)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def close(self):
        """
        Do nothing: there is no connection.
        """


@pytest.fixture(name="script", scope="session")
def _script(provider, now):
    """
    Return a maker of clients whose carrier says what is written; and the asked requests.
    """

    def make(*answers):
        transport = Scripted(*answers)
        return doorstep.Client(provider, pool=transport, clock=ManualClock(now)), transport.requests

    return make


@pytest.fixture(name="ask")
def _ask(script, answer, make_request, now):
    """
    Return a function that has a recorded operation answered, and says how it ended.
    """

    def ask(one, body, status=200):
        name = one["response"]["body"].get("external_delivery_id", "D-1763")
        currency = one["response"]["body"].get("currency", "USD")
        request = make_request(reference=name, order_value=Money(1999, currency))
        delivery = DeliveryId("doordash", "downtown", name)
        stands = {"external_delivery_id": name, "currency": currency, "fee": 1}
        before = {
            "accept": [answer({**stands, "delivery_status": "quote"})],
            "refund": [answer({**stands, "delivery_status": "delivered"})],
        }
        client, _ = script(*before.get(one["operation"], ()), answer(body, status, at=now))
        quote = client.quote(request)[0] if one["operation"] == "accept" else None
        changes = Changes(dropoff=StopChanges(instructions="Ring"))
        try:
            return {
                "quote": lambda: client.quote(request)[0],
                "create": lambda: client.dispatch(request),
                "accept": lambda: client.dispatch(request, quote=quote),
                "get": lambda: client.track(delivery),
                "update": lambda: client.update(delivery, changes),
                "cancel": lambda: client.cancel(delivery).delivery,
                "refund": lambda: client.refund(delivery, RefundReason.CANCELLED_ORDER),
            }[one["operation"]](), None
        except ProviderError as error:
            return None, error

    return ask
