"""
Nothing secret and nothing personal leaves by an exception, however closely it is read.

A canary token is in the headers of each request, a canary phone number in its body and
in the locals of the flow. Every exception that leaves is printed with the locals of all
its frames, and with everything that it drags along.
"""

from __future__ import annotations

import logging
import traceback

import pytest

from doorstep.errors import CarrierUnavailableError, InvalidAnswerError
from doorstep.http import Call, HttpPool, Request, Session, TransportError, drive, path
from doorstep.outcome import Effect, Repeat
from doorstep_contracts.faults import Echo, HangUp, Reset, Script, Silence

PHONE = "+15550107734"
OK = b"HTTP/1.1 200 OK\r\n"


def opened(error: BaseException | None) -> str:
    """
    Print *error* with locals, arguments and attributes, and all that hangs on it.
    """
    texts = []
    queue, seen = [error], set()
    while queue:
        each = queue.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        if each.__traceback__ is not None:
            # This test's own frames hold everything.
            each.__traceback__ = beyond_this_file(each.__traceback__)
        printed = traceback.TracebackException.from_exception(each, capture_locals=True)
        texts += ["".join(printed.format()), repr(each.args), repr(vars(each))]
        queue += [each.__cause__, each.__context__]
    return "\n".join(texts)


def beyond_this_file(frames):
    while frames is not None and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    return frames


def booking(raises=None, effect=Effect.BOOKS):
    """
    A flow that holds a phone number while it waits, and may fail afterwards.
    """
    phone = PHONE
    answer = yield Request(
        "POST",
        path("/deliveries/{phone}", phone=phone),
        query=(("phone", phone),),
        body=phone.encode(),
        effect=effect,
        repeat=Repeat.NEVER,
    )
    decoded = {"phone": phone, "answer": answer.body}
    if raises == "foreign":
        raise KeyError(decoded["phone"])
    if raises == "context":
        try:
            int(decoded["phone"] + "x")
        except ValueError as error:
            raise InvalidAnswerError("answered nonsense") from error
    return answer


FAULTS = {
    "no answer": HangUp(),
    "half a head": Script(OK + b"X: y\r\n"),
    "half a body": Script(OK + b"Content-Length: 9\r\n\r\n{"),
    "bad chunk": Script(OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n"),
    "bad gzip": Script(OK + b"Content-Encoding: gzip\r\n\r\n{}"),
    "two lengths": Script(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
    "flood": Script(OK + b"\r\n" + bytes(2_000_000)),
    "no http": Script(b"SMTP\r\n\r\n"),
    "reset": Reset(),
    "silence": Silence(),
}


def check(error, kit, caplog) -> None:
    text = opened(error) + caplog.text
    assert kit.CANARY not in text
    assert PHONE not in text


@pytest.mark.parametrize("fault", FAULTS)
def test_f112_fault_on_the_wire_shows_nothing_of_the_request(fault, serve, kit, pool, caplog):
    """
    urllib3's frames hold the headers; none of them is reachable.
    """
    caplog.set_level(logging.DEBUG)
    carrier = serve(FAULTS[fault])
    session = Session(kit.Acme(carrier.url), pool)

    with pytest.raises(Exception, match="acme: dispatch") as caught:
        drive(booking(), session, Call("dispatch", deadline_s=0.3))

    assert caught.value.__context__ is None
    check(caught.value, kit, caplog)


def test_f112_transport_error_itself_shows_nothing(serve, kit, pool, caplog):
    """
    Whoever uses a pool without the driver is as safe.
    """
    carrier = serve(FAULTS["half a body"])
    request = kit.Acme().sign(next(booking()), None, None)

    with pytest.raises(TransportError) as caught:
        pool.send(request, carrier.url, Call("dispatch"))

    assert caught.value.__context__ is None
    check(caught.value, kit, caplog)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "acme.invalid"])
def test_f112_failure_to_connect_shows_nothing(host, kit, caplog):
    """
    Neither a refused connection nor an unknown name quotes what was to be sent.
    """
    caplog.set_level(logging.DEBUG)
    scheme = "http" if host[0] == "1" else "https"
    session = Session(kit.Acme(f"{scheme}://{host}"), HttpPool(), clock=kit.ManualClock())
    with pytest.raises(CarrierUnavailableError) as caught:
        drive(booking(), session, Call("dispatch"))

    check(caught.value, kit, caplog)


@pytest.mark.parametrize("effect", [Effect.NOTHING, Effect.BOOKS])
@pytest.mark.parametrize("raises", ["foreign", "context"])
def test_f112_exception_of_a_flow_shows_nothing(raises, effect, kit, caplog):
    """
    The frames of a flow hold the order; they are cut off, with cause and context.
    """
    with pytest.raises(Exception, match="acme: dispatch") as caught:
        kit.run(booking(raises, effect), kit.session())

    check(caught.value, kit, caplog)


def test_f112_exception_of_signing_shows_nothing(kit, caplog):
    """
    The frame that reveals the token is cut off.
    """

    class Buggy(kit.Acme):
        def sign(self, request, now, grant):
            token = kit.CANARY
            raise ValueError(token)

    with pytest.raises(Exception, match="acme: dispatch") as caught:
        kit.run(booking(), kit.session(endpoint=Buggy()))

    check(caught.value, kit, caplog)


def test_f112_exception_of_a_transport_shows_nothing(kit, caplog):
    """
    A transport that was brought along is not trusted to be careful.
    """

    def fail(request, call):
        raise RuntimeError(request.headers["Authorization"])

    with pytest.raises(Exception, match="acme: dispatch") as caught:
        kit.run(booking(), kit.session(fail))

    check(caught.value, kit, caplog)


@pytest.mark.parametrize("where", ["connect", "sendall", "recv_into"])
def test_f112_interrupt_deep_in_the_socket_shows_nothing(
    where, serve, kit, pool, caplog, monkeypatch
):
    """
    Ctrl-C comes anywhere; its traceback would show what was under way.
    """
    import socket

    carrier = serve(Echo())

    class Interrupting(socket.socket):
        pass

    def interrupt(*_):
        raise KeyboardInterrupt

    setattr(Interrupting, where, interrupt)
    monkeypatch.setattr("doorstep.http._connect.socket.socket", Interrupting)
    call = Call("dispatch", reference="order-118")
    with pytest.raises(KeyboardInterrupt) as caught:
        drive(booking(), Session(kit.Acme(carrier.url), pool), call)
    monkeypatch.undo()

    assert "unknown" == caught.value.outcome.value or where == "connect"
    assert caught.value.__context__ is None
    check(caught.value, kit, caplog)
    assert 0 == kit.client_sockets(carrier.port)


def test_f112_interrupt_of_a_pool_alone_shows_nothing(serve, kit, pool, caplog, monkeypatch):
    """
    The pool cuts the frames off itself, whoever calls it.
    """
    carrier = serve(Echo())
    request = kit.Acme().sign(next(booking()), None, None)

    def interrupt(*_, **__):
        try:
            raise ValueError(kit.CANARY)
        finally:
            raise KeyboardInterrupt

    monkeypatch.setattr("doorstep.http._pool.read_body", interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        pool.send(request, carrier.url, Call("dispatch"))

    check(caught.value, kit, caplog)


def test_f111_reprs_show_nothing(kit):
    """
    What a debugger prints of the driver's own values.
    """
    session = kit.session()
    request = kit.Acme().sign(next(booking()), None, None)
    values = [session, Call("dispatch", reference="r"), request, kit.response(200, b"canary")]
    text = repr(values)

    assert kit.CANARY not in text
    assert PHONE not in text
    assert "canary" not in text
