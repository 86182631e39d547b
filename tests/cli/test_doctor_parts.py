"""
The single checks of ``doorstep doctor``, each by itself.
"""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from importlib import metadata

import attrs
import pytest

from doorstep.cli._checkup import Status, _accounts, _here, exit_of
from doorstep.cli._checkup._asking import (
    Answer,
    Heard,
    ask,
    clock_check,
    credentials_check,
    endpoint_of,
)
from doorstep.cli._checkup._check import Topic
from doorstep.cli._checkup._tls import tls_check
from doorstep.cli._exit import Exit
from doorstep.http import Request, Response, SystemClock
from doorstep.registry import InstalledPlugin
from doorstep.testing import FakeCarrier, FakeProvider, ManualClock

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def look(port: int, time_limit_s: float = 30.0):
    """
    Look at the TLS of a server on this machine.
    """
    context = ssl.create_default_context()
    limits = {"now": NOW, "time_limit_s": time_limit_s}
    return tls_check("acme/default", "localhost", port, context=context, **limits)


def test_allowed_but_absent_plugin_is_a_warning():
    """
    A list that names what is not installed is likely a slip.
    """
    there = InstalledPlugin(name="acme", distribution="Acme", version="1", allowed=True)
    found = _here.allow_list({"acme": "acme", "bolt": "doorstep-bolt"}, [there])

    assert Status.WARNING is found.status
    assert "bolt of doorstep-bolt" in found.finding
    assert "acme of acme" not in found.finding


@pytest.mark.parametrize(
    ("version", "status"),
    [("3", "ok"), ("3.0.1", "ok"), ("3.1rc1", "ok"), ("2.9", "failed"), (None, "failed")],
)
def test_dependency_below_its_floor_is_named(monkeypatch, version, status):
    """
    What doorstep needs is compared with what is installed.
    """

    def installed(name: str) -> str:
        if name == "doorstep":
            return "1.0"
        if version is None:
            raise metadata.PackageNotFoundError
        return version

    needs = ["rich>=3.0; extra == 'cli'", "werkzeug>=9; extra == 'simulator'"]
    monkeypatch.setattr(metadata, "version", installed)
    monkeypatch.setattr(metadata, "requires", lambda _: needs)

    assert status == _here.versions().status


def test_code_is_that_of_the_first_failure():
    """
    Causes are looked at before their effects.
    """
    checks = [
        Topic("a").skipped("x"),
        Topic("b").failed("x", "y", Exit.PLUGIN),
        Topic("c").failed("x", "y", Exit.REFUSED),
    ]

    assert Exit.PLUGIN == exit_of(checks)
    assert Exit.REFUSED == exit_of(checks[::-1])
    assert Exit.OK == exit_of(checks[:1])


@pytest.mark.parametrize(
    ("handle", "finding"),
    [
        (lambda sock: sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "does not speak TLS"),
        (lambda sock: sock.recv(1000), "hung up during the handshake"),
        (lambda sock: sock.close() or sock, "hung up|no connection"),
    ],
    ids=["plain", "hangs up", "closes"],
)
def test_server_without_tls_is_told(handle, finding):
    """
    What is no TLS at all is told apart from a certificate that is wrong.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            sock, _ = listener.accept()
            handle(sock)
            sock.close()

        thread = threading.Thread(target=serve)
        thread.start()
        found = look(listener.getsockname()[1])
        thread.join()

    assert "failed" == found.status
    assert any(one in found.finding for one in finding.split("|"))


def test_silent_server_is_given_up():
    """
    A server that accepts and says nothing takes the time limit and no more.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = look(listener.getsockname()[1], time_limit_s=0.05)

    assert "localhost did not answer within 0.05 s" == found.finding


def test_refused_connection_names_a_proxy_that_is_set(monkeypatch):
    """
    Doorstep uses no proxy: where one is set, that may be why nothing answers.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    plain = look(port)
    monkeypatch.setenv("HTTPS_PROXY", "http://user:password-nobody-may-see@proxy.example")
    behind = look(port)

    assert f"no connection to localhost on port {port}" == plain.finding
    assert "HTTPS_PROXY is set" in behind.advice
    assert "HTTPS_PROXY" not in plain.advice
    assert "password" not in behind.advice


@pytest.mark.parametrize(
    "error", [socket.gaierror(socket.EAI_NONAME, "x"), UnicodeError("label empty")]
)
def test_unknown_host_is_told(monkeypatch, error):
    """
    A name that nobody knows, or that cannot be one, is told as such.
    """

    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(socket, "create_connection", refuse)

    assert "localhost is not found" == look(443).finding


@pytest.mark.parametrize(
    ("number", "finding", "advice"),
    [
        (9, "is not valid yet", "compare this machine's clock"),
        (18, "is signed by itself", "never switch verification off"),
        (64, "is not for localhost", "name the host in base_url, not its address"),
        (1, "cannot be verified", "never switch verification off"),
    ],
)
def test_rarer_faults_of_certificates_are_told(monkeypatch, number, finding, advice):
    """
    What OpenSSL numbers is put into words, and a number that nobody knows is no crash.
    """

    def refuse(*_, **__):
        error = ssl.SSLCertVerificationError(1, "x")
        error.verify_code = number
        raise error

    monkeypatch.setattr(socket, "create_connection", refuse)
    found = look(443)

    assert finding in found.finding
    assert advice in found.advice


def test_slow_answer_is_no_skew():
    """
    Of several answers the quickest is believed, and the way there and back is allowed for.
    """

    def answer(took_s: float, date_s: float) -> Answer:
        return Answer(NOW, NOW + timedelta(seconds=took_s), NOW + timedelta(seconds=date_s))

    assert "ok" == clock_check("a/b", [answer(20, 0)]).status
    assert "ok" == clock_check("a/b", [answer(20, -60), answer(0.1, 1)]).status
    assert "warning" == clock_check("a/b", [answer(0.1, 20)]).status


def test_delivery_that_cannot_exist_is_a_warning():
    """
    A server that knows every delivery is not the carrier.
    """
    found = credentials_check("acme/default", None)

    assert "warning" == found.status
    assert "somebody else's server" in found.advice


def test_question_has_no_effect_and_is_asked_once():
    """
    A plugin whose look-up would book something sends nothing, and nothing is repeated.
    """

    class Booking(FakeProvider):
        def track(self, delivery, ctx):
            answer = yield Request("POST", "/deliveries", body=b"{}")
            return answer

    class Silent:
        def __init__(self):
            self.sent = []

        def send(self, request, base_url, call):
            self.sent.append(request)
            return Response(status=503, sent_at=NOW, received_at=NOW)

        def close(self) -> None: ...

    silent = Silent()
    booking = ask(Booking(), Heard(silent), SystemClock(), 5.0)

    assert booking is not None
    assert [] == silent.sent

    clock = ManualClock()
    ask(FakeProvider(), Heard(silent), clock, 60.0)

    assert (1, []) == (len(silent.sent), clock.slept)


def test_account_without_deliveries_is_asked_for_a_store():
    """
    Where the marketplace is all there is, it is what is asked; and nobody, if it has no
    question without an effect.
    """
    can = attrs.evolve(FakeProvider().capabilities, deliveries=False)
    shop = FakeProvider(capabilities=can)
    heard = Heard(FakeCarrier(provider=shop))
    error = ask(shop, heard, ManualClock(), 5.0)
    found = credentials_check("acme/default", error, store=True)

    assert "taken: the carrier looked for a store that cannot exist" == found.finding
    assert 1 == len(heard.answers)
    assert "failed" == credentials_check("acme/default", error).status

    bare = FakeProvider(capabilities=attrs.evolve(can, catalog=None))
    unasked = ask(bare, heard, ManualClock(), 5.0)

    assert "skipped" == credentials_check("acme/default", unasked, store=True).status
    assert 1 == len(heard.answers)


def test_requests_go_to_the_marketplace_where_it_is_all_there_is():
    """
    The check of the base URL is about what is asked.
    """
    can = FakeProvider().capabilities
    both = FakeProvider(capabilities=can)
    alone = FakeProvider(capabilities=attrs.evolve(can, deliveries=False))
    neither = FakeProvider(capabilities=attrs.evolve(can, deliveries=False, catalog=None))

    assert endpoint_of(both) is both
    assert alone.catalog == endpoint_of(alone)
    assert endpoint_of(neither) is neither


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://localhost:1", "local"),
        ("http://127.0.0.1:1", "local"),
        ("https://[::1]:1/x", "local"),
        ("https://api-sandbox.acme.example", "sandbox"),
        ("https://test.acme.example", "sandbox"),
        ("https://attest.acme.example", "unknown"),
        ("https://acme.example", "unknown"),
    ],
)
def test_base_url_tells_a_trial_where_its_name_does(url, kind):
    """
    Nobody is told that it is production: only that the host's name does not say otherwise.
    """
    assert kind == _accounts.base_url_check("acme/default", url).facts["kind"]
