"""
Receiving and watching: what a client makes of webhooks and answers together.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import attrs
import pytest

from doorstep.client import Pace
from doorstep.errors import (
    CarrierUnavailableError,
    DeliveryNotFoundError,
    UnsupportedError,
    WebhookRejectedError,
)
from doorstep.models import DeliveryId, Status
from doorstep.testing import FakeCarrier
from doorstep.tracking import MemoryEventStore
from doorstep.webhooks import WebhookRequest


class Ears:
    """
    An observer that listens to changes.
    """

    def __init__(self) -> None:
        self.heard = []
        self.on_change: Callable[[object], object] = self.heard.append

    def on_exchange(self, exchange): ...

    def on_call(self, summary): ...


class BrokenStore(MemoryEventStore):
    """
    A store whose disk is full.
    """

    def add(self, observation):
        raise OSError(28, "No space left on device")


def statuses(deliveries):
    """
    Return the statuses of *deliveries*.
    """
    return [one.status for one in deliveries]


@pytest.fixture
def carrier():
    """
    A carrier in memory.
    """
    return FakeCarrier()


@pytest.fixture
def ears():
    """
    An observer of changes.
    """
    return Ears()


@pytest.fixture
def courier(carrier, ears):
    """
    A client of the carrier that keeps what it hears.
    """
    with carrier.connect(store=MemoryEventStore(), observers=[ears]) as client:
        yield client


def test_webhook_changes_the_state_and_is_answered(carrier, courier, wish, ears):
    """
    A webhook of the carrier is believed, folded, told to observers and answered with 200.
    """
    booked = courier.dispatch(wish)
    carrier.advance(booked.id, Status.TO_PICKUP)
    received = courier.receive(carrier.webhook(booked.id))

    assert (200, None, ()) == (received.answer.status, received.rejected, received.foreign)
    (change,) = received.changes
    assert (Status.PENDING, Status.TO_PICKUP) == (
        change.before.delivery.status,
        change.after.delivery.status,
    )
    assert change == ears.heard[-1]
    assert 2 == len(ears.heard)


def test_f066_webhook_that_comes_twice_is_answered_and_changes_nothing(
    carrier, courier, wish, ears
):
    """
    A webhook that is sent again is answered with 200 and counted, no more.
    """
    webhook = carrier.webhook(courier.dispatch(wish).id)
    courier.receive(webhook)
    heard = len(ears.heard)
    again = courier.receive(webhook)

    assert (200, 1, (), ()) == (again.answer.status, again.repeated, again.events, again.changes)
    assert heard == len(ears.heard)


def test_f067_forged_webhook_is_refused_and_changes_nothing(carrier, courier, ears):
    """
    What does not have the carrier's word on it is answered with 401; nothing is told.
    """
    received = courier.receive(WebhookRequest(body=b"{}", headers={"authorization": "mine"}))

    assert (401, "unauthenticated", ()) == (
        received.answer.status,
        received.rejected.reason,
        received.changes,
    )
    assert b"" == received.answer.body
    assert [] == ears.heard


def test_malformed_webhook_is_refused(carrier, courier, wish):
    """
    What has the carrier's word on it and is no event is answered with 400.
    """
    webhook = carrier.webhook(courier.dispatch(wish).id)

    assert 400 == courier.receive(attrs.evolve(webhook, body=b"{")).answer.status


def test_delivery_that_nobody_booked_here_is_named(carrier, wish):
    """
    News of a delivery that this client never saw is folded and named, not refused.
    """
    booked = carrier.connect().dispatch(wish)
    with carrier.connect() as other:
        received = other.receive(carrier.webhook(booked.id))

    assert (200, (booked.id,)) == (received.answer.status, received.foreign)


def test_end_that_contradicts_asks_for_a_look(carrier, courier, wish):
    """
    News that do not fit are named among what should be tracked.
    """
    booked = courier.dispatch(wish)
    carrier.advance(booked.id, Status.DELIVERED)
    courier.receive(carrier.webhook(booked.id))
    carrier.clock.step(5)
    carrier.advance(booked.id, Status.TO_DROPOFF)

    assert (booked.id,) == courier.receive(carrier.webhook(booked.id)).confirm


def test_carrier_without_webhooks_says_so(wish):
    """
    A provider that understands no webhooks raises before anything is read.
    """

    class Silent:
        def __getattr__(self, name):
            if name == "receive":
                raise AttributeError(name)
            return getattr(FakeCarrier().provider, name)

    carrier = FakeCarrier(provider=Silent())
    with carrier.connect() as client, pytest.raises(UnsupportedError, match="not offered"):
        client.receive(WebhookRequest())


def test_store_that_fails_loses_no_dispatch(carrier, wish, caplog):
    """
    A booking that cannot be written down is still returned: its money is spent.
    """
    with carrier.connect(store=BrokenStore()) as client:
        booked = client.dispatch(wish)

    assert carrier.deliveries == (booked,)
    assert "an answer could not be stored: OSError" in caplog.text


def test_store_that_fails_is_no_answer_to_the_carrier(carrier, wish):
    """
    News that cannot be written down are not acknowledged: the carrier sends them again.
    """
    with carrier.connect(store=BrokenStore()) as client:
        webhook = carrier.webhook(client.dispatch(wish).id)
        with pytest.raises(OSError, match="No space"):
            client.receive(webhook)


def test_nothing_is_kept_that_nobody_wants(carrier, wish):
    """
    Without a store, a listener or a webhook a client remembers no delivery.
    """
    with carrier.connect() as client:
        client.dispatch(wish)

        assert None is client._tracker


def test_watch_yields_news_to_the_end(carrier, courier, wish):
    """
    Watching yields each status once, waits longer while nothing happens, and ends.
    """
    booked = courier.dispatch(wish)
    plan = [None, Status.ASSIGNED, None, None, Status.DELIVERED]
    waits: list[float] = []
    sleep = carrier.clock.sleep

    def act(seconds, interrupted):
        waits.append(seconds)
        sleep(seconds, interrupted)
        status = plan.pop(0)
        if status is not None:
            carrier.advance(booked.id, status)

    carrier.clock.sleep = act
    seen = statuses(courier.watch(booked.id, pace=Pace(every_s=10)))

    assert [Status.PENDING, Status.ASSIGNED, Status.DELIVERED] == seen
    assert [10, 15, 10, 15, 22.5] == waits


def test_watch_hears_a_webhook_at_once_and_confirms_an_end(carrier, courier, wish):
    """
    What comes in while watching waits is yielded without a question; an end is asked for.
    """
    booked = courier.dispatch(wish)
    plan = [Status.TO_PICKUP, Status.DELIVERED]
    asked: list[str] = []
    send = carrier.send

    def count(request, base_url, call):
        asked.append(request.method)
        return send(request, base_url, call)

    def act(seconds, interrupted):
        carrier.advance(booked.id, plan.pop(0))
        courier.receive(carrier.webhook(booked.id))

    carrier.send, carrier.clock.sleep = count, act
    seen = statuses(courier.watch(str(booked.id)))

    assert [Status.PENDING, Status.TO_PICKUP, Status.DELIVERED] == seen
    assert ["GET", "GET"] == asked


def test_watch_goes_on_when_only_a_webhook_says_that_it_ended(carrier, courier, wish):
    """
    An end that the carrier's answer does not confirm is asked for, and watched on.
    """
    booked = courier.dispatch(wish)
    other = FakeCarrier(clock=carrier.clock)
    other.connect().dispatch(wish)
    other.advance(booked.id, Status.DELIVERED)
    plan = ["forged", "end"]

    def act(seconds, interrupted):
        if plan.pop(0) == "forged":
            courier.receive(other.webhook(booked.id))
        else:
            carrier.advance(booked.id, Status.DELIVERED)

    carrier.clock.sleep = act
    seen = statuses(courier.watch(booked.id))

    assert [Status.PENDING, Status.DELIVERED] == seen
    assert [] == plan


def test_watch_bears_with_what_passes(carrier, courier, wish):
    """
    Trouble that passes is told and waited out; too much of it is raised.
    """
    booked = courier.dispatch(wish)
    told: list[str] = []
    watching = courier.watch(
        booked.id, pace=Pace(patience=2), failed=lambda error: told.append(error.code)
    )
    next(watching)
    for _ in range(20):
        carrier.refuse_connection()

    with pytest.raises(CarrierUnavailableError):
        next(watching)
    assert ["carrier_unavailable"] * 2 == told


def test_watch_raises_what_does_not_pass(courier):
    """
    A delivery that the carrier does not know is not waited for.
    """
    with pytest.raises(DeliveryNotFoundError):
        next(courier.watch(DeliveryId("fake", "default", "nobody~1")))


def test_watch_leaves_nothing_behind(carrier, courier, wish):
    """
    Whoever stops watching is not told any more.
    """
    watching = courier.watch(courier.dispatch(wish).id)
    next(watching)
    watching.close()

    assert {} == courier._tracker._waiting


def test_async_client_receives_and_watches(carrier, wish):
    """
    The async client hears and ends as the other one does, without blocking its loop.
    """

    async def follow():
        async with carrier.connect_async(store=MemoryEventStore()) as client:
            booked = await client.dispatch(wish)
            seen = []
            threads = threading.active_count()
            async for one in client.watch(booked.id):
                seen.append(one.status)
                if one.status is Status.PENDING:
                    carrier.advance(booked.id, Status.TO_DROPOFF)
                    await client.receive(carrier.webhook(booked.id))
                else:
                    carrier.clock.step(1)
                    carrier.advance(booked.id, Status.DELIVERED)
            return seen, threading.active_count() - threads

    seen, left = asyncio.run(follow())

    assert [Status.PENDING, Status.TO_DROPOFF, Status.DELIVERED] == seen
    assert left <= 2


def test_end_asks_to_be_confirmed(carrier, courier, wish):
    """
    What a webhook ends is named among what should be tracked before acting.
    """
    booked = courier.dispatch(wish)
    carrier.advance(booked.id, Status.DELIVERED)

    assert (booked.id,) == courier.receive(carrier.webhook(booked.id)).confirm


def test_receiver_without_a_key_is_warned_of(carrier, courier, monkeypatch, caplog):
    """
    Nobody sees the 401 that the carrier gets: the log says that a setting is missing.
    """

    def unconfigured(self, request, now):
        raise WebhookRejectedError("has no key", reason="unconfigured", status=401)

    monkeypatch.setattr(type(carrier.provider), "receive", unconfigured)

    assert 401 == courier.receive(WebhookRequest()).answer.status
    assert "has no key" in caplog.text
