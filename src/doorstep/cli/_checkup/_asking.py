"""
One question to the carrier: what is known of a delivery that cannot exist, or, where
there are none, of a store in its marketplace.

Its answer tells whether the credentials are taken, and its ``Date`` how the clocks
differ.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from doorstep.cli._checkup._check import Check, Topic, sentence
from doorstep.cli._exit import Exit
from doorstep.errors import (
    AccountForbiddenError,
    AccountNotFoundError,
    AccountPaymentRequiredError,
    AuthenticationError,
    CarrierUnavailableError,
    DeliveryNotFoundError,
    DoorstepError,
    ProviderError,
    UnsupportedError,
)
from doorstep.http import (
    Call,
    Clock,
    Endpoint,
    RepeatBudget,
    Request,
    Response,
    Session,
    Transport,
    TransportError,
    drive,
)
from doorstep.http._repeat import http_date
from doorstep.models import DeliveryId
from doorstep.operations import Operations, Plan
from doorstep.outcome import Effect
from doorstep.provider import Context, Provider

__all__ = ["Answer", "Heard", "ask", "clock_check", "credentials_check", "endpoint_of"]

#: Seconds by which clocks may differ: a ``Date`` has whole seconds and takes time to come.
_TOLERATED_S = 5
#: More than that, and quotes that hold for minutes are judged wrongly.
_HARMFUL_S = 60
_SYNC = "let this machine's clock be set from the network (NTP)"


@attrs.frozen
class Answer:
    """
    When an answer was asked for and came, and the carrier's own time, if it told.
    """

    sent_at: datetime
    received_at: datetime
    date: datetime | None


class Heard:
    """
    A transport that notes the times of what it carries, and carries reads alone.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.answers: list[Answer] = []

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Send *request* if it has no effect.
        """
        if request.effect is not Effect.NOTHING:
            raise TransportError("aborted", sent=False, cause="it would have had an effect")
        response = self._transport.send(request, base_url, call)
        date = http_date(response.headers.get("date", ""))
        self.answers.append(Answer(response.sent_at, response.received_at, date))
        return response

    def close(self) -> None:
        """
        Let go of every connection.
        """
        self._transport.close()


def endpoint_of(provider: Provider) -> Endpoint:
    """
    Return whom an account's requests go to: the marketplace, where it has nothing else.
    """
    if provider.capabilities.deliveries:
        return provider
    return Operations(provider).marketplace or provider


def ask(
    provider: Provider, transport: Transport, clock: Clock, time_limit_s: float
) -> DoorstepError | None:
    """
    Ask for what cannot exist, once; return how that was refused, if it was.
    """
    try:
        plan = _question(provider)
        endpoint = plan.endpoint or provider
        budget = RepeatBudget(clock, tokens=0.0, per_second=0.0, per_answer=0.0)
        session = Session(endpoint, transport, clock=clock, budget=budget)
        told = None if plan.delivery is None else str(plan.delivery)
        call = Call(plan.operation, deadline_s=time_limit_s, delivery_id=told, clock=clock)
        drive(plan.start(Context(now=clock.now(), call_id=call.call_id)), session, call)
    except DoorstepError as error:
        return error
    return None


def _question(provider: Provider) -> Plan[Any]:
    operations, nothing = Operations(provider), str(uuid.uuid4())
    if provider.capabilities.deliveries:
        return operations.track(DeliveryId(provider.name, provider.account, nothing))
    return operations.catalog.read_store(nothing)


def credentials_check(
    subject: str, error: DoorstepError | None, secrets: Sequence[str] = (), *, store: bool = False
) -> Check:
    """
    Tell what the answer says of the credentials.

    Args:
        error:
            What :func:`ask` returned.

        secrets:
            The settings that hold credentials.

        store:
            Whether a store was asked for, and no delivery.
    """
    topic, what = Topic("credentials", subject), "store" if store else "delivery"
    if isinstance(error, AccountNotFoundError if store else DeliveryNotFoundError):
        return topic.ok(f"taken: the carrier looked for a {what} that cannot exist")
    if error is None:
        finding = f"the carrier answered with a {what} that cannot exist"
        return topic.warning(finding, "check base_url: this may be somebody else's server")
    if isinstance(error, UnsupportedError):
        return topic.skipped("there is nothing that could be asked without an effect")
    if isinstance(error, AuthenticationError):
        named = " and ".join(secrets) or "the credentials"
        return topic.failed_by(error, f"renew {named} of this account, with what belongs to it")
    if isinstance(
        error, AccountForbiddenError | AccountNotFoundError | AccountPaymentRequiredError
    ):
        return topic.failed_by(error)
    if _unanswered(error):
        return topic.failed_by(error, "check base_url, and whether the carrier can be reached")
    told = topic.warning(f"cannot tell: {sentence(error)}", "check again later")
    return attrs.evolve(told, code=error.code)


def clock_check(subject: str, answers: Sequence[Answer]) -> Check:
    """
    Tell how far this machine's clock is from the carrier's.
    """
    topic = Topic("clock", subject)
    dated = [one for one in answers if one.date is not None]
    if not dated:
        return topic.skipped("no answer told the carrier's time")
    best = min(dated, key=lambda one: one.received_at - one.sent_at)
    took = best.received_at - best.sent_at
    ahead_s = _ahead(best, took).total_seconds()
    facts = {"carrier_ahead_s": round(ahead_s, 1)}
    if abs(ahead_s) <= _TOLERATED_S + took.total_seconds() / 2:
        return topic.ok("agrees with the carrier's", **facts)
    side = "behind" if ahead_s > 0 else "ahead of"
    finding = f"this machine's clock is {abs(ahead_s):.0f} s {side} the carrier's"
    if abs(ahead_s) <= _HARMFUL_S:
        return topic.warning(finding, _SYNC, **facts)
    advice = f"{_SYNC}: tokens and the expiry of quotes go by it"
    return topic.failed(finding, advice, Exit.USAGE, **facts)


def _ahead(answer: Answer, took: timedelta) -> timedelta:
    assert answer.date is not None  # noqa: S101  for the type checker
    # The carrier's fraction of a second is cut off: half of one is the best guess.
    return answer.date + timedelta(seconds=0.5) - (answer.sent_at + took / 2)


def _unanswered(error: DoorstepError) -> bool:
    if not isinstance(error, ProviderError):
        return True
    return isinstance(error, CarrierUnavailableError) and error.http_status is None
