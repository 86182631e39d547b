"""
What the demo happens on: a simulator, found through the hooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import attrs

from doorstep.cli._shared import invalid, registry
from doorstep.errors import PluginError
from doorstep.hookspecs import Simulator, SimulatorSpec

__all__ = ["Shop", "Stage", "open_stage"]


@attrs.frozen
class Shop:
    """
    A store on a simulated marketplace.

    Args:
        store:
            Its id there.
    """

    store: str
    _market: Any

    def shown(self) -> list[str]:
        """
        Return the ids of the items that customers see.
        """
        return list(self._market.shown(self.store))


@attrs.frozen
class Stage:
    """
    A simulator that runs.
    """

    name: str
    simulator: Simulator

    @property
    def credentials(self) -> Mapping[str, object]:
        """
        The settings that it accepts, as keywords for ``doorstep.connect``.
        """
        return self.simulator.credentials()

    def hurry(self, speed: float) -> None:
        """
        Let *speed* simulated seconds pass in a real one, if the simulator has a clock.
        """
        clock: Any = getattr(self.simulator, "clock", None)
        if hasattr(clock, "speed"):
            clock.speed = speed

    @property
    def webhooks(self) -> Any:
        """
        What sends the simulator's webhooks, as ``doorstep.simulation.WebhookSender``
        does; None if it sends none.
        """
        found: Any = getattr(self.simulator, "webhooks", None)
        return found if hasattr(found, "configure") else None

    def shop(self) -> Shop | None:
        """
        Return the first store where customers see something, if the simulator has a
        ``marketplace`` that tells of its stores by ``state()`` and ``shown(store)``.
        """
        market: Any = getattr(self.simulator, "marketplace", None)
        if not (hasattr(market, "state") and hasattr(market, "shown")):
            return None
        stores = (str(entry["id"]) for entry in market.state())
        return next((Shop(one, market) for one in stores if market.shown(one)), None)

    def books(self) -> list[Mapping[str, Any]] | None:
        """
        Return what was really booked, if the simulator tells.
        """
        books: Any = getattr(self.simulator, "books", None)
        return list(books()) if callable(books) else None


@contextmanager
def open_stage(name: str | None) -> Iterator[Stage]:
    """
    Run the simulator of *name*, or of the only plugin that has one.
    """
    spec = registry().simulator(name) if name is not None else _only_one()
    simulator: Simulator = spec.build(spec.options())
    simulator.start()
    try:
        yield Stage(spec.name, simulator)
    finally:
        simulator.stop()


def _only_one() -> SimulatorSpec[Any]:
    found, broken = [], []
    plugins = registry()
    for name in plugins.names():
        try:
            found.append(plugins.simulator(name))
        except PluginError as error:
            broken.append(str(error))
    if len(found) > 1:
        raise invalid("NAME", f"must be one of {', '.join(spec.name for spec in found)}")
    if not found:
        what = "no installed plugin offers a simulator that works"
        advice = "; ".join(broken) or "install a carrier's plugin with its extra 'simulator'"
        raise PluginError(what, advice=advice)
    return found[0]
