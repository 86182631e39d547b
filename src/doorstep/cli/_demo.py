"""
``doorstep demo``: one delivery on this machine, from the quote to the refund.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

import doorstep
from doorstep.cli._demo_shop import play_shop
from doorstep.cli._ears import Ears, open_ears
from doorstep.cli._errors import described
from doorstep.cli._output import Fields, Line, Output
from doorstep.cli._render import decision_rows, moment
from doorstep.cli._shared import Printing
from doorstep.cli._stage import Stage, open_stage
from doorstep.cli._story import Story, demo_request
from doorstep.errors import DoorstepError
from doorstep.models import Delivery, DeliveryId, DeliveryRequest, Quote, RefundReason
from doorstep.outcome import Retry

if TYPE_CHECKING:
    from doorstep.client import Client

__all__ = ["demo"]

#: Simulated seconds in a real one, and seconds between two looks; of those who listen
#: only to be sure.
_LIVE = (60.0, 0.25, 30.0)
_FAST = (2400.0, 0.005, 2.0)
#: An account of its own, so that no setting of the user's is taken for the demo's.
_ACCOUNT = "demo"
_LONGEST_S = 55.0


def demo(
    name: str | None = None,
    /,
    *,
    fast: Annotated[bool, Parameter(help="Hurry: a second instead of half a minute.")] = False,
    printing: Printing = Printing(),  # noqa: B008  frozen
) -> None:
    """
    Follow one delivery from quote to refund, on this machine. Costs nothing.

    Starts a carrier's simulator and talks to it over HTTP as a shop would. Where it
    has a marketplace, a shop is closed and opened first, and sells out.

    Args:
        name:
            The plugin whose simulator is used; may be left out if only one has one.
    """
    output = printing.output
    story = Story(output)
    with open_stage(name) as stage:
        story.show(Line("One delivery, from quote to refund. Nothing leaves this machine.", "bold"))
        call = f'courier = doorstep.connect("{stage.name}", **simulator.credentials())'
        story.step("connect", "A carrier to talk to", call)
        story.say(f"The simulator of {stage.name} listens on {stage.simulator.base_url}.")
        story.data({"base_url": stage.simulator.base_url})
        settings: dict[str, Any] = dict(stage.credentials)
        with doorstep.connect(stage.name, account=_ACCOUNT, **settings) as courier:
            # First of all: while nothing hurries, the simulator's clock is the real one.
            play_shop(courier, story, stage)
            _play(courier, story, stage, output, fast=fast)
    _farewell(stage.name, story)


def _play(courier: Client, story: Story, stage: Stage, output: Output, *, fast: bool) -> None:
    request = demo_request(courier.capabilities)
    quote = _quote(courier, story, request)
    booked = _dispatch(courier, story, request, quote)
    speed, every_s, seldom_s = _FAST if fast else _LIVE
    with open_ears(courier, stage, story) as ears:
        stage.hurry(speed)
        _follow(courier, story, output, booked, ears, every_s if ears is None else seldom_s)
        if ears is not None:
            _again(courier, story, booked, ears)
        _cancel(courier, story, booked.id)
        _refund(courier, story, booked.id)
        if ears is not None:
            ears.rest()
    _books(stage, story)


def _quote(courier: Client, story: Story, request: DeliveryRequest) -> Quote | None:
    if courier.capabilities.quote == "none":
        return None
    story.step("quote", "What does it cost?", "quotes = courier.quote(request)")
    quote = courier.quote(request)[0]
    price = str(quote.price.total) if quote.price else "no price beforehand"
    until = f", holds until {moment(quote.expires_at)}" if quote.expires_at else ""
    story.say(f"{price}{until}. Nothing is booked yet.")
    story.result(quote)
    return quote


def _dispatch(
    courier: Client, story: Story, request: DeliveryRequest, quote: Quote | None
) -> Delivery:
    limit = quote.price.total if quote and quote.price else None
    call = "delivery = courier.dispatch(request, quote=quotes[0], max_fee=quotes[0].price.total)"
    if quote is None:
        call = "delivery = courier.dispatch(request)"
    story.step("dispatch", "Book a courier", call)
    booked = courier.dispatch(request, quote=quote, max_fee=limit)
    story.say(f"{booked.id} is {booked.status.value}.")
    story.result(booked)
    return booked


def _follow(
    courier: Client,
    story: Story,
    output: Output,
    booked: Delivery,
    ears: Ears | None,
    every_s: float,
) -> None:
    from doorstep.client import Pace

    story.step("track", "Follow the courier", "for delivery in courier.watch(delivery.id): ...")
    until = time.monotonic() + _LONGEST_S
    with output.live() as passing:
        passing("the courier is on the way; the clock runs fast")
        last = booked
        for last in courier.watch(booked.id, pace=Pace(every_s=every_s, growth=1.0)):
            if ears is None:
                story.say(_state(last))
            story.result(last)
            if time.monotonic() > until:
                break
    if ears is not None:
        ears.rest()
        story.say(f"Asked as well, the carrier confirms: {_state(last)}")


def _again(courier: Client, story: Story, booked: Delivery, ears: Ears) -> None:
    call = "received = courier.receive(request)  # received.repeated == 1"
    story.step("repeat", "Everything once more, in another order", call)
    counts = ears.again()
    ears.in_order()
    state = courier.track(booked.id)
    story.say(
        f"{counts['received']} webhooks came again: {counts['new']} brought news, "
        f"and it is {state.status.value} still."
    )
    story.data(counts)
    story.result(state)


def _state(delivery: Delivery) -> str:
    who = _first_name(delivery) or "nobody yet"
    return f"{delivery.as_of:%H:%M:%SZ}  {delivery.status.value:<12}  {who}"


def _first_name(delivery: Delivery) -> str:
    name = (delivery.courier.name if delivery.courier else None) or ""
    return name.partition(" ")[0]


def _cancel(courier: Client, story: Story, delivery: DeliveryId) -> None:
    story.step("cancel", "Cancel it, too late", "courier.cancel(delivery.id)")
    try:
        answer = courier.cancel(delivery)
    except DoorstepError as error:
        story.say(f"{type(error).__name__}: {error}")
        done = "it may have been done" if error.maybe_booked else "nothing was done"
        again = (
            "asking again will not help" if error.retryable is Retry.NO else "it may be repeated"
        )
        story.say(f"error.booked is {error.booked.value!r}: {done}.")
        story.say(f"error.retryable is {error.retryable.value!r}: {again}.")
        story.data({"error": described(error)})
    else:
        story.say("This carrier cancels even now.")
        story.result(answer)


def _refund(courier: Client, story: Story, delivery: DeliveryId) -> None:
    if not courier.capabilities.refund_request:
        return
    call = "courier.refund(delivery.id, RefundReason.MISSING_MAIN)"
    story.step("refund", "Something was missing: ask for money back", call)
    decision = courier.refund(delivery, RefundReason.MISSING_MAIN)
    story.fields(decision_rows(decision))
    story.result(decision)


def _books(stage: Stage, story: Story) -> None:
    books = stage.books()
    if books is None:
        return
    story.step("books", "What the carrier has in its books", "simulator.books()")
    deliveries = "1 delivery" if len(books) == 1 else f"{len(books)} deliveries"
    story.say(f"{deliveries}, all in all.")
    for entry in books:
        story.fields([(str(name), str(value)) for name, value in entry.items()])
    story.data({"books": books})


def _farewell(name: str, story: Story) -> None:
    story.show(
        Line(),
        Line("Where to go next", "bold"),
        Fields(
            (
                (f"   doorstep simulate {name}", "the same carrier, for your own code"),
                ("   doorstep providers", "the plugins that are installed"),
                ("   doorstep --help", "every command and exit code"),
            )
        ),
    )
