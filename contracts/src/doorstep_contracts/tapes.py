"""
Operations that went well once, as they passed the driver: to run again without a carrier.

A tape holds what one operation asked and what it was answered. Played back as it is,
it ends as it did; with one answer changed, it must still end in a value or in an error
of the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from doorstep.errors import DoorstepError
from doorstep.http import Call, Flow, Request, Response, Session, Transport, drive
from doorstep.models import Changes, DeliveryId, DeliveryRequest, Quote, RefundReason
from doorstep.provider import (
    Context,
    Finds,
    Provider,
    Quotes,
    Refunds,
    Tips,
    Updates,
)
from doorstep_contracts.case import A_DAY_S, Case
from doorstep_contracts.flows import context, run
from doorstep_contracts.recordings import Recording, RecordingError, responses, started

__all__ = [
    "Start",
    "Tape",
    "first",
    "operations",
    "operations_of",
    "replay",
    "replay_step",
    "tapes",
    "tapes_of",
]

Start = Callable[[], Flow[Any]]


@attrs.frozen
class Tape:
    """
    One operation that went well.

    Args:
        start:
            Starts it again, with the same arguments and the same context.

        exchanges:
            What it asked and what it was answered, in order.

        value:
            What it returned.
    """

    operation: str
    start: Start = attrs.field(repr=False)
    exchanges: tuple[tuple[Request, Response], ...] = attrs.field(repr=False)
    value: Any = attrs.field(repr=False)

    @property
    def answers(self) -> tuple[Response, ...]:
        """
        The answers, in order.
        """
        return tuple(answer for _, answer in self.exchanges)


class _Taping:
    """
    A transport that keeps what passes.
    """

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.exchanges: list[tuple[Request, Response]] = []

    def send(self, request: Request, base_url: str, call: Call) -> Response:
        """
        Send *request*, and keep it with its answer.
        """
        answer = self._inner.send(request, base_url, call)
        self.exchanges.append((request, answer))
        return answer

    def close(self) -> None:
        """
        Leave the inner one to its owner.
        """


def operations(
    case: Case, request: DeliveryRequest, delivery: DeliveryId, quote: Quote | None, ctx: Context
) -> dict[str, Start]:
    """
    Return every operation on deliveries that the account claims, ready to be started.
    """
    provider, can = case.provider, case.can
    found: dict[str, Start] = {
        "dispatch": lambda: provider.dispatch(request, ctx, quote=quote, max_fee=None),
        "track": lambda: provider.track(delivery, ctx),
    }
    if isinstance(provider, Quotes) and case.claims("quote"):
        found["quote"] = lambda: provider.quote(request, ctx)
    if isinstance(provider, Finds) and can.recovery == "by_reference":
        found["find"] = lambda: provider.find(request.reference, request.revision, ctx)
    if isinstance(provider, Updates) and "tip" in can.update_fields:
        changes = Changes(tip=case.money(500))
        found["update"] = lambda: provider.update(delivery, changes, ctx)
    if isinstance(provider, Tips) and can.tip - {"dispatch"}:
        found["set_tip"] = lambda: provider.set_tip(delivery, case.money(600), ctx)
    found["cancel"] = lambda: provider.cancel(delivery, case.reason, ctx)
    if isinstance(provider, Refunds) and can.refund_request:
        found["refund"] = lambda: provider.refund(delivery, RefundReason.NEVER_DELIVERED, ctx)
    return found


def tapes(case: Case) -> dict[str, Tape]:
    """
    Run every operation once against the carrier, in the order of a delivery's life.
    """
    assert case.carrier is not None, "tapes need a carrier: supply the fixture `server`"
    transport = case.carrier.transport()
    try:
        return {tape.operation: tape for tape in _life(case, transport)}
    finally:
        transport.close()


def _life(case: Case, transport: Transport) -> Iterator[Tape]:
    ctx = context(case.carrier.clock.now()) if case.carrier else context()
    request, second = case.fresh(), case.fresh()
    quote: Quote | None = None
    if isinstance(case.provider, Quotes) and case.claims("quote"):
        asked = _one("quote", operations(case, request, _nobody(case), None, ctx), case, transport)
        yield asked
        quote = asked.value[0] if case.can.quote_required else None
        request = request if quote is not None else second
    booked = _one("dispatch", operations(case, request, _nobody(case), quote, ctx), case, transport)
    yield booked
    known = operations(case, request, booked.value.id, quote, ctx)
    for name in ("track", "find", "update", "set_tip", "cancel"):
        if name in known:
            yield _one(name, known, case, transport)
    if "refund" in known:
        ended = _one(
            "dispatch", operations(case, case.fresh(), _nobody(case), quote, ctx), case, transport
        )
        if case.carrier is not None:
            case.carrier.pass_time(A_DAY_S)
        known = operations(case, request, ended.value.id, quote, ctx)
        yield _one("refund", known, case, transport)


def _one(name: str, known: dict[str, Start], case: Case, transport: Transport) -> Tape:
    taping = _Taping(transport)
    clock = case.carrier.clock if case.carrier is not None else None
    session = Session(case.provider, taping, clock=clock)
    value = drive(known[name](), session, Call(name, clock=clock))
    return Tape(name, known[name], tuple(taping.exchanges), value)


def tapes_of(
    recordings: Mapping[str, Recording], provider: Provider, every: bool = False
) -> dict[str, Tape]:
    """
    Return recordings that went well as tapes, by operation: of each the one that was
    answered with most, or with *every* the others too, by operation and name.
    """
    found: dict[str, Tape] = {}
    for name, one in sorted(recordings.items(), key=lambda pair: -_size(pair[1])):
        if one.operation in found and not every:
            continue
        tape = _recorded(one, provider)
        if tape is not None:
            taken = one.operation in found
            found[f"{one.operation} of {name}" if taken else one.operation] = tape
    return found


def _recorded(recording: Recording, provider: Provider) -> Tape | None:
    """
    Return the tape that *recording* is; None if it went wrong, or is evidence of nothing.
    """
    if recording.negative or not recording.replayable or recording.operation == "receive":
        return None
    answers = responses(recording.exchanges, recording.at)
    if any(not 200 <= one.status < 300 for one in answers):
        return None  # what goes on after a refusal is not what a failure is measured by
    try:
        start = started(recording, provider)
        done = run(start(), *answers) if answers else None
    except (DoorstepError, RecordingError):
        return None  # an error that is expected, or one that the replay tells
    if done is None or len(done.requests) != len(answers):
        return None
    exchanges = tuple(zip(done.requests, answers, strict=True))
    return Tape(recording.operation, start, exchanges, done.value)


def _size(recording: Recording) -> int:
    return sum(len(one.body) for one in responses(recording.exchanges, recording.at))


def _nobody(case: Case) -> DeliveryId:
    return DeliveryId(case.provider.name, case.provider.account, "nobody")


def operations_of(case: Case) -> dict[str, Start]:
    """
    Return every operation on the case's own request, for answers that a test makes up.
    """
    delivery = DeliveryId(case.provider.name, case.provider.account, case.request.reference)
    return operations(case, case.request, delivery, case.quote, context())


def first(start: Start) -> list[Request]:
    """
    Return the first request of a flow, if it makes one, and close the flow.
    """
    flow = start()
    try:
        return [next(flow)]
    except StopIteration:
        return []
    finally:
        flow.close()


def replay(tape: Tape, edit: Callable[[bytes], bytes] = lambda body: body) -> Any:
    """
    Play *tape* again, each answer's body edited, and return what the flow returns.
    """
    answers = [attrs.evolve(one, body=edit(one.body)) for one in tape.answers]
    return run(tape.start(), *answers).value


def replay_step(tape: Tape, step: int, body: bytes, *, status: int | None = None) -> Any:
    """
    Play *tape* again with another body, or status, of one answer; return its value.

    What the flow asks beyond the tape gets the last answer once more.
    """
    answers = list(tape.answers)
    old = answers[step]
    answers[step] = attrs.evolve(old, body=body, status=status or old.status)
    return run(tape.start(), *answers).value
