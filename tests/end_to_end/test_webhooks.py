"""
DoorDash's simulator posts, and a client hears it through a real server.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

import doorstep
from doorstep.cli import main
from doorstep.cli._simulate import environment
from doorstep.models import (
    DeliveryRequest,
    EndReason,
    Goods,
    RefundReason,
    Status,
    StopKind,
)
from doorstep.tracking import Change, MemoryEventStore
from doorstep.webhooks import Received, WebhookRequest, wsgi
from doorstep_doordash.simulator import DriveOptions, DriveServer

NewRequest = Callable[..., DeliveryRequest]


class Shop:
    """
    A shop's server around a client; keeps what came of each webhook.
    """

    def __init__(self, courier: doorstep.Client) -> None:
        self._courier = courier
        self.heard: list[Received] = []
        self.server = make_server("127.0.0.1", 0, wsgi(self), handler_class=_Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def receive(self, request: WebhookRequest) -> Received:
        """
        Receive as the client does.
        """
        received = self._courier.receive(request)
        self.heard.append(received)
        return received

    def close(self) -> None:
        """
        Close the server.
        """
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None: ...


class Ears:
    """
    An observer that keeps every change.
    """

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.on_change = self.changes.append

    def on_exchange(self, _: object) -> None: ...

    def on_call(self, _: object) -> None: ...


@pytest.fixture(name="drive")
def _drive(request: pytest.FixtureRequest) -> Iterator[DriveServer]:
    """
    A server whose clock stands, with the options that a test's parameter says.
    """
    options = getattr(request, "param", {})
    now = datetime.now(UTC)
    with DriveServer(DriveOptions(speed=0, start=now, **options)) as server:
        yield server


@pytest.fixture(name="ears")
def _ears() -> Ears:
    return Ears()


@pytest.fixture(name="courier")
def _courier(drive: DriveServer, ears: Ears) -> Iterator[doorstep.Client]:
    credentials: dict[str, Any] = drive.credentials()
    store = MemoryEventStore()
    with doorstep.connect("doordash", store=store, observers=[ears], **credentials) as client:
        yield client


@pytest.fixture(name="shop")
def _shop(drive: DriveServer, courier: doorstep.Client) -> Iterator[Shop]:
    shop = Shop(courier)
    drive.webhooks.configure(url=shop.url)
    yield shop
    shop.close()


@pytest.mark.parametrize(
    "drive",
    [
        {},
        {"webhook_enroute": True},
        {"webhook_older_fields": True},
        {"webhook_shuffle": 7, "webhook_enroute": True},
        {"webhook_shuffle": 8, "webhook_repeat": 3, "webhook_foreign": True},
    ],
    ids=["usual", "opted-in", "older", "shuffled", "worst"],
    indirect=True,
)
def test_delivery_is_heard_to_the_door(
    drive: DriveServer,
    courier: doorstep.Client,
    shop: Shop,
    ears: Ears,
    new_request: NewRequest,
) -> None:
    """
    However badly webhooks come, the state they leave is the one that the carrier answers.
    """
    booked = courier.dispatch(new_request())
    drive.clock.step(3600)
    drive.webhooks.settle()
    ours = [one.after for one in ears.changes if one.after.delivery.id == booked.id]
    state = ours[-1]
    asked = courier.track(booked.id)

    assert all(one.taken for one in drive.webhooks.sent())
    assert (Status.DELIVERED, ()) == (state.delivery.status, state.anomalies)
    assert state.delivery.end is not None
    assert (EndReason.COMPLETED, Goods.DELIVERED) == (
        state.delivery.end.reason,
        state.delivery.end.goods,
    )
    assert asked.status is state.delivery.status
    assert {one.kind: one.done_at for one in asked.stops} == {
        one.kind: one.done_at for one in state.delivery.stops if one.kind is not StopKind.RETURN
    }
    assert booked.id in {delivery for one in shop.heard for delivery in one.confirm}
    assert not any(one.rejected for one in shop.heard)


@pytest.mark.parametrize(
    "drive", [{"webhook_foreign": True, "webhook_repeat": 3}], ids=[""], indirect=True
)
def test_foreign_and_repeated_webhooks_change_nothing_of_ours(
    drive: DriveServer, courier: doorstep.Client, shop: Shop, new_request: NewRequest
) -> None:
    """
    Both are answered with 200: the foreign are named, the repeated counted.
    """
    booked = courier.dispatch(new_request())
    drive.clock.step(1200)
    drive.webhooks.settle()
    foreign = {one for received in shop.heard for one in received.foreign}

    assert 30 == len(shop.heard)
    assert 20 == sum(one.repeated for one in shop.heard)
    assert 10 == sum(len(one.events) for one in shop.heard)
    assert 1 == len(foreign)
    assert booked.id not in foreign


def test_webhook_with_another_word_is_refused_and_tried_thrice(
    drive: DriveServer, courier: doorstep.Client, shop: Shop, ears: Ears, new_request: NewRequest
) -> None:
    """
    Nobody but the account's own carrier is believed; it hears 401 and gives up after three.
    """
    drive.webhooks.configure(headers={"Authorization": "Basic of-somebody-else"})
    courier.dispatch(new_request())
    for _ in range(4):
        drive.clock.step(60)
        drive.webhooks.settle()
    (first, *_) = drive.webhooks.sent()

    assert [401, 401, 401] == [one.status for one in first.tries]
    assert {"unauthenticated"} == {one.rejected.reason for one in shop.heard if one.rejected}
    assert 1 == len(ears.changes)


def test_return_and_cancellation_are_heard(
    drive: DriveServer, courier: doorstep.Client, shop: Shop, ears: Ears, new_request: NewRequest
) -> None:
    """
    Whatever ends it, the reason is heard, and a confirming read is asked for.
    """
    first = courier.dispatch(new_request())
    drive.advance("order-118", "cancelled", cancellation_reason="failed_to_pickup")
    drive.webhooks.settle()
    end = ears.changes[-1].after.delivery.end

    assert end is not None
    assert (EndReason.PICKUP_FAILED, Goods.NEVER_COLLECTED) == (end.reason, end.goods)
    assert (first.id,) == shop.heard[-1].confirm

    courier.dispatch(new_request("order-119"))
    drive.advance("order-119", "picked_up")
    drive.advance("order-119", "returned", arranged_by_support=True)
    drive.webhooks.settle()

    assert Status.RETURNED is ears.changes[-1].after.delivery.status


def test_refund_is_heard(
    drive: DriveServer, courier: doorstep.Client, shop: Shop, new_request: NewRequest
) -> None:
    """
    A refund is told once more by a webhook of its own, about the same delivery.
    """
    booked = courier.dispatch(new_request())
    drive.clock.step(1200)
    courier.refund(booked.id, RefundReason.MISSING_MAIN)
    drive.webhooks.settle()
    (event,) = shop.heard[-1].events

    assert (booked.id, RefundReason.MISSING_MAIN) == (
        event.delivery_id,
        event.refund and event.refund.reason,
    )
    assert (booked.id,) == shop.heard[-1].confirm


def test_webhook_wakes_who_watches(
    drive: DriveServer, courier: doorstep.Client, shop: Shop, new_request: NewRequest
) -> None:
    """
    News come long before the next question is due, and only the end is asked for.
    """
    booked = courier.dispatch(new_request())
    seen = []
    for delivery in courier.watch(booked.id):
        if not seen:
            drive.clock.step(1200)
        seen.append(delivery.status)

    assert (Status.PENDING, Status.DELIVERED) == (seen[0], seen[-1])
    assert 2 == drive.journal.count("GET", "/drive/v2/deliveries/<delivery>")


def test_command_line_replays_what_the_simulator_sent(
    drive: DriveServer,
    courier: doorstep.Client,
    shop: Shop,
    new_request: NewRequest,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    ``webhook send`` with the account's own settings is believed, and changes nothing anew.
    """
    courier.dispatch(new_request())
    drive.clock.step(1200)
    drive.webhooks.settle()
    before = len(shop.heard)
    files = []
    for one in drive.webhooks.sent():
        files.append(tmp_path / f"{one.number}.json")
        files[-1].write_bytes(one.body)
    for name, value in environment("doordash", drive.credentials()).items():
        monkeypatch.setenv(name, value)
    words = ["webhook", "send", shop.url, *map(str, files), "--carrier=doordash", "--json"]
    code = main([*words, "--times=2", "--shuffle=7"])
    printed = capsys.readouterr().out

    assert 0 == code
    assert [200] * 10 == [json.loads(line)["status"] for line in printed.splitlines()]
    assert 10 == sum(one.repeated for one in shop.heard[before:])
    assert drive.options.webhook_authorization not in printed
