"""
``doorstep doctor`` and the carrier: TLS, the clock, the credentials.
"""

from __future__ import annotations

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from doorstep.cli._exit import Exit

UNKNOWN = (404, {"error": "delivery_not_found"})
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Carrier(ThreadingHTTPServer):
    """
    Answer every request with one status and error; ``asked`` is what came.
    """

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = UNKNOWN
        self.ahead: timedelta | None = timedelta()
        self.asked: list[str] = []
        scheme, host = ("http", "127.0.0.1") if context is None else ("https", "localhost")
        self.url = f"{scheme}://{host}:{self.server_address[1]}"
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, *_: object) -> None: ...


class Handler(BaseHTTPRequestHandler):
    """
    What the carrier does with a request.
    """

    server: Carrier

    def do_GET(self) -> None:
        status, told = self.server.answer
        self.server.asked.append(f"{self.command} {self.path}")
        body = json.dumps(told).encode()
        self.send_response_only(status)
        if self.server.ahead is not None:
            date = datetime.now(UTC) + self.server.ahead
            self.send_header("Date", format_datetime(date, usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(name="carrier")
def _carrier(monkeypatch, cli):
    """
    Start the carrier that the default account of ``acme`` asks.
    """
    started = []

    def start(context: ssl.SSLContext | None = None) -> Carrier:
        started.append(Carrier(context))
        monkeypatch.setenv("DOORSTEP_ACME_BASE_URL", started[-1].url)
        return started[-1]

    yield start
    for one in started:
        one.shutdown()
        one.server_close()


@pytest.fixture(name="doctor")
def _doctor(cli, monkeypatch):
    """
    Run it and return its code and its checks by name. Plugins are not looked at twice.
    """
    monkeypatch.setattr(
        "doorstep.cli._checkup._plugins._ask",
        lambda *_: ({"provider": True, "api_version": 1}, 0),
    )

    def run():
        ran = cli("doctor", "acme", "--json")
        assert "" == ran.err
        checks = [json.loads(line) for line in ran.out.splitlines()]
        return ran.code, {one["check"]: one for one in checks}

    return run


@pytest.fixture(name="authority", scope="module")
def _authority() -> trustme.CA:
    return trustme.CA(organization_name="Acme Trust")


@pytest.fixture(name="trusted")
def _trusted(authority, monkeypatch):
    """
    Let this process trust the authority, as far as doorstep is concerned.
    """
    context = ssl.create_default_context()
    authority.configure_trust(context)
    monkeypatch.setattr("doorstep.http._tls._shared", context)


def serving(authority: trustme.CA, name: str = "localhost", **dates: datetime) -> ssl.SSLContext:
    """
    Return the context of a server with a certificate for *name*.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **dates).configure_cert(context)
    return context


def test_trusted_carrier_is_checked_to_the_end(carrier, doctor, authority, trusted):
    """
    A good certificate is told with its authority and its days, and the rest is asked.
    """
    carrier(serving(authority, not_after=datetime.now(UTC) + timedelta(days=100.5)))
    code, checks = doctor()

    assert Exit.OK == code
    assert {"version": "TLSv1.3", "expires_in_days": 100, "issuer": "Acme Trust"} == (
        checks["tls"]["facts"]
    )
    assert ["ok", "ok"] == [checks[name]["status"] for name in ("credentials", "clock")]


def test_certificate_that_ends_soon_is_a_warning(carrier, doctor, authority, trusted):
    """
    A fortnight before the carrier's certificate ends, somebody hears of it.
    """
    carrier(serving(authority, not_after=datetime.now(UTC) + timedelta(days=5.5)))
    code, checks = doctor()

    assert (Exit.OK, "warning") == (code, checks["tls"]["status"])
    assert "5 days left" in checks["tls"]["finding"]


YESTERDAY = {"not_after": datetime.now(UTC) - timedelta(days=1)}


@pytest.mark.parametrize(
    ("name", "dates", "finding", "advice"),
    [
        ("localhost", YESTERDAY, "has expired", "compare this machine's clock"),
        ("elsewhere.example", {}, "is not for localhost", "correct the host in base_url"),
    ],
    ids=["expired", "wrong host"],
)
def test_wrong_certificate_is_told_with_what_to_do(
    carrier, doctor, authority, trusted, name, dates, finding, advice
):
    """
    Each fault of a certificate has its own advice, and nothing is sent to such a server.
    """
    server = carrier(serving(authority, name, **dates))
    code, checks = doctor()

    assert (Exit.UNAVAILABLE, "failed") == (code, checks["tls"]["status"])
    assert finding in checks["tls"]["finding"]
    assert advice in checks["tls"]["advice"]
    assert ["skipped", "skipped"] == [checks[one]["status"] for one in ("credentials", "clock")]
    assert [] == server.asked


def test_unknown_authority_is_told_as_what_a_proxy_does(carrier, doctor, authority):
    """
    An authority that is not trusted is likely an intercepting proxy; nobody is advised to
    switch verification off.
    """
    server = carrier(serving(authority))
    code, checks = doctor()

    assert Exit.UNAVAILABLE == code
    assert "not trusted here" in checks["tls"]["finding"]
    assert "proxy" in checks["tls"]["advice"]
    assert "never switch verification off" in checks["tls"]["advice"]
    assert [] == server.asked


@pytest.mark.parametrize(
    ("minutes", "status", "finding"),
    [
        (10, "failed", "s behind the carrier's"),
        (-10, "failed", "s ahead of the carrier's"),
        (0.5, "warning", "s behind the carrier's"),
        (0, "ok", "agrees with the carrier's"),
    ],
)
def test_clock_is_compared_with_the_carriers(carrier, doctor, minutes, status, finding):
    """
    A clock that is minutes off is a failure that setting it mends; half a minute is a warning.
    """
    server = carrier()
    server.ahead = timedelta(minutes=minutes)
    code, checks = doctor()

    assert (Exit.USAGE if status == "failed" else Exit.OK) == code
    assert status == checks["clock"]["status"]
    assert finding in checks["clock"]["finding"]
    assert ("NTP" in checks["clock"]["advice"]) == (status != "ok")
    assert abs(checks["clock"]["facts"]["carrier_ahead_s"] - minutes * 60) < 5


def test_clock_is_not_judged_without_a_date(carrier, doctor):
    """
    A carrier that does not tell its time leaves the clock unjudged.
    """
    carrier().ahead = None
    code, checks = doctor()

    assert (Exit.OK, "skipped") == (code, checks["clock"]["status"])


@pytest.mark.parametrize(
    ("status", "error", "found", "code"),
    [
        (404, "delivery_not_found", "ok", Exit.OK),
        (401, "authentication", "failed", Exit.REFUSED),
        (403, "account_forbidden", "failed", Exit.REFUSED),
        (403, "account_not_found", "failed", Exit.REFUSED),
        (402, "account_payment_required", "failed", Exit.REFUSED),
        (429, "rate_limited", "warning", Exit.OK),
        (503, "carrier_unavailable", "warning", Exit.OK),
        (500, "carrier_internal", "warning", Exit.OK),
        (418, "never_heard_of", "warning", Exit.OK),
        (200, "", "warning", Exit.OK),
    ],
)
def test_answer_tells_of_the_credentials(carrier, doctor, status, error, found, code):
    """
    Not found means taken; a refusal of the account is a failure; trouble tells nothing.
    """
    server = carrier()
    server.answer = (status, {"error": error})
    exit_code, checks = doctor()
    checked = checks["credentials"]

    assert (code, found) == (exit_code, checked["status"])
    assert checked["finding"].startswith("cannot tell: ") == (found == "warning")
    assert all(line.startswith("GET /deliveries/") for line in server.asked)
    assert (2 if status == 401 else 1) == len(server.asked)


def test_refused_credentials_name_the_setting_to_renew(carrier, doctor, acme):
    """
    The setting that holds the credential is named, and its value is not.
    """
    server = carrier()
    server.answer = (401, {"error": "authentication"})
    _, checks = doctor()

    assert "renew api_key of this account" in checks["credentials"]["advice"]
    assert acme.API_KEY not in json.dumps(checks)


def test_refused_connection_is_a_failure(doctor, server):
    """
    Nobody there is told as that, with what to check; there is no clock to compare.
    """
    server.stop()
    code, checks = doctor()

    assert Exit.UNAVAILABLE == code
    assert "could not connect" in checks["credentials"]["finding"]
    assert "check base_url" in checks["credentials"]["advice"]
    assert "skipped" == checks["clock"]["status"]


def test_plugin_that_breaks_on_its_settings_is_named(cli, doctor, monkeypatch, acme):
    """
    What a plugin raises when it is given its settings is told by its type alone.
    """

    def broken(account, settings):
        raise RuntimeError(settings.api_key.reveal())

    monkeypatch.setattr(acme, "build", broken)
    code, checks = doctor()

    assert Exit.PLUGIN == code
    assert "the plugin raised RuntimeError" in checks["settings"]["finding"]
    assert acme.API_KEY not in json.dumps(checks)
