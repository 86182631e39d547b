"""
The common parts of carrier simulators.

A simulator is a real HTTP server that keeps state as a carrier does, on a
clock that a test can hold, and that fails when told to. A carrier's part
supplies its rules as a :class:`SimulatedCarrier`; :class:`SimulatorServer`
does the rest, the control API under ``/_simulator/`` included.

Needs the extra ``simulator``.
"""

from doorstep.simulation._carrier import MoveRefusedError, SimulatedCarrier, UnknownDeliveryError
from doorstep.simulation._clock import ClockReading, SimulatorClock
from doorstep.simulation._faults import FAULT_NAMES, Fault, Faults
from doorstep.simulation._journal import Journal, SeenRequest
from doorstep.simulation._server import SimulatorServer
from doorstep.simulation._webhook_options import WebhookOptions
from doorstep.simulation._webhooks import SentWebhook, WebhookSender, WebhookTry

__all__ = [
    "ClockReading",
    "FAULT_NAMES",
    "Fault",
    "Faults",
    "Journal",
    "MoveRefusedError",
    "SeenRequest",
    "SentWebhook",
    "SimulatedCarrier",
    "SimulatorClock",
    "SimulatorServer",
    "UnknownDeliveryError",
    "WebhookOptions",
    "WebhookSender",
    "WebhookTry",
]
