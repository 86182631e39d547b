"""
What is promised of webhooks: anybody may send them, in any order, any number of times.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import attrs
import pytest

from doorstep.errors import WebhookRejectedError
from doorstep.models import Delivery, Status
from doorstep.operations import Operations
from doorstep.provider import Webhooks
from doorstep.webhooks import WebhookRequest
from doorstep_contracts.case import A_DAY_S, Case
from doorstep_contracts.effort import Effort
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._bodies import BODIES
from doorstep_contracts.suites._contract import Contract

__all__ = ["WebhooksContract"]


class WebhooksContract(Contract):
    """
    What the carrier tells by itself.
    """

    @pytest.fixture
    def heard(self, case: Case) -> tuple[Delivery, list[WebhookRequest]]:
        """
        A delivery that was brought, as tracked at the end, and the webhooks on its way.
        """
        assert case.carrier is not None
        with case.client() as client:
            booked = case.book(client)
            case.carrier.pass_time(A_DAY_S)
            ended = client.track(booked.id)
        told = case.carrier.webhooks()
        if not told:
            pytest.skip("the carrier sent no webhook")
        return attrs.evolve(ended, id=booked.id), told

    @promise("receive", "is understood", claims="webhooks", carrier=True)
    def test_webhooks_of_the_carrier_are_understood(
        self, case: Case, heard: tuple[Delivery, list[WebhookRequest]]
    ) -> None:
        """
        Each webhook that the carrier sends is believed, and is about its delivery.

        If this fails: look for the delivery's id in the message, in _webhooks.py.
        """
        ended, told = heard
        now = case.carrier.clock.now() if case.carrier is not None else ended.as_of
        hooks = Operations(case.provider).webhooks()
        about = {
            event.delivery_id
            for request in told
            for event in hooks.receive(request, now).events
            if event.delivery_id is not None
        }

        assert about == {ended.id}

    @promise("receive", "nobody else is believed", claims="webhooks", carrier=True)
    def test_unsigned_webhook_is_rejected(
        self, case: Case, heard: tuple[Delivery, list[WebhookRequest]]
    ) -> None:
        """
        Without what the carrier proves itself by, or with another body under the same
        proof where it covers the body, nothing is believed.

        If this fails: compare the secret or the signature, in constant time, before
        anything is read, in _webhooks.py.
        """
        if case.can.webhooks == "unverified":
            pytest.skip("not claimed: this account believes anybody, and says so")
        hooks = Operations(case.provider).webhooks()
        _, told = heard
        for request in told:
            forged = [attrs.evolve(request, headers={})]
            if case.can.webhooks == "hmac_header":
                forged.append(attrs.evolve(request, body=request.body + b" "))
            for one in forged:
                with pytest.raises(WebhookRejectedError):
                    hooks.receive(one, heard[0].as_of)

    @promise("receive", "twice is once", claims="webhooks", carrier=True)
    def test_same_webhook_is_the_same_event(
        self, case: Case, heard: tuple[Delivery, list[WebhookRequest]]
    ) -> None:
        """
        A webhook that comes again is known by its event's id, and changes nothing.

        If this fails: take the carrier's id of the event, or make one from the
        message's content, never from the time, in _webhooks.py.
        """
        ended, told = heard
        hooks = Operations(case.provider).webhooks()
        with case.client() as client:
            for request in told:
                client.receive(request)
            again = [client.receive(request) for request in told]

        assert [()] * len(again) == [one.changes for one in again]
        for request in told:
            later = ended.as_of + timedelta(minutes=5)
            assert _ids(hooks, request, ended.as_of) == _ids(hooks, request, later)

    @promise("receive", "any order ends alike", claims="webhooks", carrier=True)
    def test_any_order_ends_in_the_same_state(
        self, case: Case, heard: tuple[Delivery, list[WebhookRequest]], effort: Effort
    ) -> None:
        """
        However webhooks are shuffled and repeated, the delivery ends as it was tracked; and
        while it is under way, older news do not undo newer ones.

        If this fails: give events the time at which they happened (occurred_at, and
        as_of of their snapshots), and no status of their own making, in _webhooks.py.
        """
        ended, told = heard
        under_way = told[:-1]
        wanted = _status_after(case, under_way)
        for seed in range(effort.orders):
            chance = random.Random(seed)  # noqa: S311  no secret
            assert _status_after(case, _shuffled(told, chance)) is ended.status, f"order {seed}"
            assert _status_after(case, _shuffled(under_way, chance)) is wanted, f"order {seed}"

    @promise("receive", "nonsense is refused", claims="webhooks", carrier=True)
    def test_nonsense_is_refused_and_never_raises(
        self, case: Case, heard: tuple[Delivery, list[WebhookRequest]]
    ) -> None:
        """
        A page, half a message or an empty one is rejected, with whatever proof.

        If this fails: turn what cannot be read into WebhookRejectedError, in
        _webhooks.py.
        """
        hooks = Operations(case.provider).webhooks()
        ended, told = heard
        for body in (*BODIES, b'{"event": [], "id": {}}'):
            try:
                hooks.receive(attrs.evolve(told[0], body=body), ended.as_of)
            except WebhookRejectedError as error:
                assert 400 <= error.status < 500


def _ids(hooks: Webhooks, request: WebhookRequest, now: datetime) -> list[str]:
    """
    Return the ids of the events in a webhook, none if it is rejected.
    """
    try:
        return [event.id for event in hooks.receive(request, now).events]
    except WebhookRejectedError:
        return []


def _shuffled(told: list[WebhookRequest], chance: random.Random) -> list[WebhookRequest]:
    """
    Return all of *told*, half of it twice, in any order.
    """
    shuffled = told + chance.sample(told, k=len(told) // 2)
    chance.shuffle(shuffled)
    return shuffled


def _status_after(case: Case, told: list[WebhookRequest]) -> Status | None:
    """
    Return the delivery's status when *told* was received, in this order.
    """
    status = None
    with case.client() as client:
        for request in told:
            for change in client.receive(request).changes:
                status = change.after.delivery.status
    return status
