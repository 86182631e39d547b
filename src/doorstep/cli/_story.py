"""
What the demo says: each step with the call that it makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

import orjson

from doorstep.capabilities import Capabilities
from doorstep.cli._output import Fields, Line, Output, Part
from doorstep.codec import to_json
from doorstep.models import Address, Contact, DeliveryRequest, Money, Stop

__all__ = ["Story", "demo_request"]


class Story:
    """
    Tell the steps of the demo, to people or as JSON lines.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self._step = 0
        self._name = ""

    def step(self, name: str, title: str, call: str) -> None:
        """
        Begin a step, with the line of Python that it is about.
        """
        self._step, self._name = self._step + 1, name
        if not self._output.json:
            self._output.show(
                Line(),
                Line(f"{self._step}. {title}", "bold"),
                Line(f"   >>> {call}", "cyan"),
            )
        else:
            self._output.data({"step": name, "call": call})

    def say(self, text: str) -> None:
        """
        Say something to people.
        """
        if not self._output.json:
            self._output.show(Line(f"   {text}"))

    def fields(self, rows: Iterable[tuple[str, str]]) -> None:
        """
        Show values to people.
        """
        if not self._output.json:
            self._output.show(Fields(tuple((f"   {name}", text) for name, text in rows)))

    def result(self, value: object) -> None:
        """
        Print a neutral value of this step, for programs.
        """
        self.data({"value": orjson.loads(to_json(value))} if self._output.json else {})

    def data(self, held: Mapping[str, Any]) -> None:
        """
        Print other values of this step, for programs.
        """
        if self._output.json:
            self._output.data({"step": self._name, **held})

    def event(self, text: str, held: Mapping[str, Any]) -> None:
        """
        Show what was heard, from whatever thread and during whatever step.
        """
        if self._output.json:
            self._output.data({"step": "listen", **held})
        else:
            self._output.show(Line(f"   {text}"))

    def show(self, *parts: Part) -> None:
        """
        Show *parts* to people.
        """
        if not self._output.json:
            self._output.show(*parts)


def demo_request(can: Capabilities) -> DeliveryRequest:
    """
    Return a small request, with nothing that the account cannot do.
    """
    currency = "USD" if not can.currencies or "USD" in can.currencies else min(can.currencies)
    return DeliveryRequest(
        reference=f"demo-{uuid4().hex[:8]}",
        pickup=Stop(
            address=Address(one_line="901 Market Street, San Francisco, CA 94103"),
            contact=_contact(can, "pickup", business="The Corner Bakery", phone="+16505555555"),
        ),
        dropoffs=Stop(
            address=Address(one_line="1 Ferry Building, San Francisco, CA 94111"),
            contact=_contact(can, "dropoff", given="Ada", family="Example", phone="+16505555556"),
            instructions="Ring twice." if "dropoff.instructions" in can.inputs else None,
        ),
        order_value=Money.from_decimal(20, currency) if "order_value" in can.inputs else None,
        tip=Money.from_decimal(5, currency) if "tip" in can.inputs else None,
    )


def _contact(can: Capabilities, stop: str, **parts: str) -> Contact:
    known: dict[str, Any] = {
        name: part for name, part in parts.items() if f"{stop}.contact.{name}" in can.inputs
    }
    return Contact(**known)
