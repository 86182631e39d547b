"""
``doorstep webhook listen``: webhooks received and shown.
"""

from __future__ import annotations

import http.client
import json
import signal
import sqlite3
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from doorstep.cli import _listen
from doorstep.cli._exit import Exit
from doorstep.cli._receiving import ReceivingServer
from doorstep.errors import WebhookRejectedError
from doorstep.models import Status
from doorstep.testing import FakeCarrier, FakeProvider
from doorstep.webhooks import WebhookRequest
from doorstep.webhooks._post import Poster

NEVER = ("was", "never", "booked", "or", "read", "here")


def post(url: str, webhook: WebhookRequest) -> int | None:
    """
    Post *webhook* as the carrier would and return the answer's status.
    """
    return Poster(url).post(webhook.body, dict(webhook.headers)).status


@pytest.fixture(name="listen")
def _listen_(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """
    Run ``webhook listen acme`` while *act* posts to its URL, until that is done.
    """

    def listen(act: Callable[[str], object], *words: str) -> Any:
        wait = _listen._wait

        def act_and_end(server: ReceivingServer) -> None:
            act(server.url)
            if server.failed.is_set():
                wait(server)

        monkeypatch.setattr(_listen, "_wait", act_and_end)
        return cli("webhook", "listen", "acme", *words)

    return listen


@pytest.fixture(name="moved")
def _moved(server: Any, booked: str) -> Callable[..., WebhookRequest]:
    """
    Let the booked delivery be in a status, and return the webhook that tells of it.
    """

    def moved(status: Status, seconds: float = 1) -> WebhookRequest:
        carrier: FakeCarrier = server.carrier()
        carrier.clock.step(seconds)
        carrier.advance(booked, status)
        return carrier.webhook(booked)

    return moved


def test_events_are_shown_as_they_come(listen, moved, booked):
    """
    One line each: when, what, of which delivery, from where to where.
    """

    def act(url: str) -> None:
        first = moved(Status.TO_PICKUP)
        assert [200, 200] == [post(url, first), post(url, first)]
        post(url, moved(Status.DELIVERED))

    ran = listen(act)
    lines = ran.out.splitlines()

    assert (Exit.OK, "Ctrl-C ends it\n") == (ran.code, ran.err)
    assert lines[0].startswith("# webhooks are received at http://127.0.0.1:")
    assert lines[1].split()[2:] == ["to_pickup", booked, "first", "heard", "of", "as", "to_pickup"]
    assert lines[2].split() == ["foreign", booked, *NEVER]
    assert lines[3].split() == ["repeated", "1", "that", "changed", "nothing"]
    assert lines[4].endswith(f"{booked}  to_pickup → delivered")


def test_events_are_objects_for_programs(listen, moved, booked):
    """
    One object for each webhook, with what it changed.
    """
    ran = listen(lambda url: post(url, moved(Status.TO_PICKUP)), "--json")
    told, webhook = map(json.loads, ran.out.splitlines())
    (event,) = webhook["events"]

    assert told["url"].startswith("http://127.0.0.1:")
    assert {"note": "Ctrl-C ends it"} == json.loads(ran.err)
    assert (200, 0, [], [booked], None) == tuple(
        webhook[name] for name in ("status", "repeated", "confirm", "foreign", "rejected")
    )
    assert ("to_pickup", "status", booked, None, "to_pickup", []) == tuple(
        event[name] for name in ("name", "kind", "delivery", "before", "after", "anomalies")
    )


def test_what_is_refused_is_shown_with_its_reason(listen):
    """
    In both forms; the sender hears 401.
    """
    forged = WebhookRequest(body=b"{}", headers={"Authorization": "guessed"})
    answers: list[int | None] = []
    plain = listen(lambda url: answers.append(post(url, forged)))
    told = listen(lambda url: answers.append(post(url, forged)), "--json")
    rejected = json.loads(told.out.splitlines()[1])["rejected"]

    assert [401, 401] == answers
    assert "rejected              401  " in plain.out
    assert "got a webhook of somebody else" in plain.out
    assert "unauthenticated" == rejected["reason"]
    assert "guessed" not in plain.out + told.out


def test_what_should_be_confirmed_is_shown_with_the_command(listen, moved, booked):
    """
    News after the end do not fit, and are to be looked at.
    """

    def act(url: str) -> None:
        post(url, moved(Status.DELIVERED))
        post(url, moved(Status.TO_DROPOFF))

    ran = listen(act)

    assert "still delivered  odd: after_end\n" in ran.out
    assert f"to be confirmed       doorstep track {booked}\n" in ran.out


def test_hostile_words_are_harmless(listen, moved):
    """
    A carrier's word moves no cursor and is no markup, in either form.
    """
    ours = moved(Status.UNKNOWN)
    told = json.loads(ours.body)
    told["value"]["snapshot"]["raw_status"] = "\x1b]0;owned[red]\u202e"
    hostile = attrs.evolve(ours, body=json.dumps(told).encode())
    plain = listen(lambda url: post(url, hostile))
    data = listen(lambda url: post(url, hostile), "--json")

    assert r"first heard of as unknown (\x1b]0;owned[red]\u202e)" in plain.out
    assert not {"\x1b", "\u202e"} & set(plain.out + data.out)
    (event,) = json.loads(data.out.splitlines()[1])["events"]
    assert "unknown (\x1b]0;owned[red]\u202e)" == event["after"]


def test_other_paths_are_not_found(listen, moved):
    """
    Only what is posted to the path is read.
    """
    webhook = moved(Status.TO_PICKUP)
    answers = []

    def act(url: str) -> None:
        base = url.removesuffix("/hooks/acme")
        answers.extend(post(base + path, webhook) for path in ("/hooks/acme", "/hooks", "/"))

    ran = listen(act, "--path", "/hooks/acme")

    assert [200, 404, 404] == answers
    assert 3 == len(ran.out.splitlines())


def test_store_remembers_from_run_to_run(listen, moved, tmp_path):
    """
    What was told before is repeated, though the process is another one.
    """
    webhook, store = moved(Status.TO_PICKUP), str(tmp_path / "heard.sqlite")
    first = listen(lambda url: post(url, webhook), "--store", store)
    second = listen(lambda url: post(url, webhook), "--store", store)

    assert "first heard of" in first.out
    assert "repeated" in second.out


def test_store_that_fails_ends_it_and_the_carrier_hears_500(listen, moved, monkeypatch, tmp_path):
    """
    What cannot be kept is not taken: it comes again.
    """
    webhook, answers = moved(Status.TO_PICKUP), []

    def fail(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("doorstep.tracking.SqliteEventStore.add", fail)
    ran = listen(
        lambda url: answers.append(post(url, webhook)), "--store", str(tmp_path / "heard.sqlite")
    )

    assert ([500], Exit.BUG) == (answers, ran.code)
    assert "unexpected OperationalError" in ran.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--port=99999"], "--port must be a whole number 0 to 65535"),
        (["--path=hooks"], "--path must begin with /"),
        (["--store=/"], "--store cannot be opened"),
        (["--host=203.0.113.7"], "--port cannot be listened at"),
    ],
)
def test_wrong_options_are_usage(cli, words, message):
    """
    Before anything is heard.
    """
    ran = cli("webhook", "listen", "acme", *words)

    assert Exit.USAGE == ran.code
    assert message in ran.err


def test_taken_port_is_told(cli, server):
    """
    Two cannot listen at one port.
    """
    ran = cli("webhook", "listen", "acme", "--port", server.base_url.rpartition(":")[2])

    assert Exit.USAGE == ran.code
    assert "cannot be listened at (Address already in use)" in ran.err


def test_carrier_without_webhooks_is_told_at_once(cli, acme, monkeypatch):
    """
    Nobody waits for what never comes.
    """
    build = acme.build

    class Silent(FakeProvider):
        receive = None

    def silent(*given: Any) -> FakeProvider:
        return Silent(**attrs.asdict(build(*given), recurse=False))

    monkeypatch.setattr(acme, "build", silent)
    ran = cli("webhook", "listen", "acme")

    assert Exit.USAGE == ran.code
    assert "code: unsupported" in ran.err


def test_account_that_would_believe_nobody_is_warned(listen, monkeypatch):
    """
    Without a word to know its webhooks by every one would be refused.
    """

    def receive(*_: Any) -> None:
        raise WebhookRejectedError("knows nobody", reason="unconfigured", status=401)

    monkeypatch.setattr(FakeProvider, "receive", receive)
    ran = listen(lambda _: None)

    assert Exit.OK == ran.code
    assert ran.err.startswith("warning: ")
    assert "knows nobody" in ran.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_receiver_runs_until_it_is_told_to_end(start, number):
    """
    It serves at once, and both signals end it with 0.
    """
    process = start("webhook", "listen", "acme", "--json")
    told = json.loads(process.stdout.readline())
    answer = post(told["url"], WebhookRequest(body=b"{}"))
    process.send_signal(number)
    out, err = process.communicate(timeout=30)

    assert (401, Exit.OK) == (answer, process.returncode)
    assert 1 == len(out.splitlines())
    assert "Traceback" not in err


def test_receiver_does_not_mind_who_goes_away():
    """
    A request that is broken off, or none at all, is answered or dropped; the next is heard.
    """
    heard: list[Any] = []
    carrier = FakeCarrier()
    with carrier.connect() as courier, ReceivingServer(courier, heard.append) as server:
        host, port = server.url.removeprefix("http://").rstrip("/").split(":")
        for sent in (b"", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{", b"\0\xff\r\n\r\n"):
            connection = http.client.HTTPConnection(host, int(port), timeout=5)
            connection.connect()
            connection.sock.sendall(sent)
            connection.close()
        assert 401 == post(server.url, WebhookRequest(body=b"{}"))

    assert ["unauthenticated"] == [one.rejected.reason for one in heard if one.rejected]
