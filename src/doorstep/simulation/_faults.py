"""
Faults by name: what a simulator was told to do wrong, to which operation and how often.

=====================  =======================================================  ================
name                   what the caller meets                                    parameters
=====================  =======================================================  ================
``refuse_429``         nothing done, 429                                        ``retry_after``
``error_500_before``   nothing done, 500
``error_503_before``   nothing done, 503
``stale_404``          nothing done, 404 although the thing may exist
``redirect_307``       nothing done, 307                                        ``location``
``rst_before``         nothing done, the connection is reset
``error_500_after``    done, 500
``rst_after``          done, the connection is reset
``fin_after``          done, the connection is closed without a byte
``timeout_after``      done, silence until *seconds* passed (for ever when      ``seconds``
                       not given), then closed
``late_commit``        silence; done after *seconds*, whether or not the        ``seconds``
                       caller is still there; never answered
``truncate_after``     done, half the body under the full length, closed
``drip_after``         done, the answer byte by byte                            ``milliseconds``
``html_200_after``     done, an HTML page with status 200
``empty_200_after``    done, status 200 without a body
``garbage_json``       done, status 200, JSON by its label but not by its text
``wrong_id_after``     done, the answer names another delivery
``alter_after``        done, one field of the answer has another value          ``field``,
                                                                                ``value``
=====================  =======================================================  ================

``location``, ``field`` and ``value`` are required; ``late_commit`` waits 1 s and
``drip_after`` 100 ms when not told. ``seconds`` and ``milliseconds`` are
real ones, whatever the simulator's clock does. Of an array ``alter_after``
alters each entry.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["FAULT_NAMES", "Fault", "Faults"]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_retry_after(value: object) -> bool:
    return isinstance(value, str) or _is_duration(value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_json(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | list | dict)


_PARAMETERS: Final[dict[str, dict[str, Callable[[object], bool]]]] = {
    "refuse_429": {"retry_after": _is_retry_after},
    "error_500_before": {},
    "error_503_before": {},
    "stale_404": {},
    "redirect_307": {"location": _is_text},
    "rst_before": {},
    "error_500_after": {},
    "rst_after": {},
    "fin_after": {},
    "timeout_after": {"seconds": _is_duration},
    "late_commit": {"seconds": _is_duration},
    "truncate_after": {},
    "drip_after": {"milliseconds": _is_duration},
    "html_200_after": {},
    "empty_200_after": {},
    "garbage_json": {},
    "wrong_id_after": {},
    "alter_after": {"field": _is_text, "value": _is_json},
}
_REQUIRED: Final[dict[str, frozenset[str]]] = {
    "redirect_307": frozenset({"location"}),
    "alter_after": frozenset({"field", "value"}),
}

#: Every fault there is, sorted.
FAULT_NAMES: Final = tuple(sorted(_PARAMETERS))


@dataclass(frozen=True, kw_only=True)
class Fault:
    """
    One fault, armed.
    """

    #: One of :data:`FAULT_NAMES`.
    name: str
    #: The operation it waits for; any when absent.
    operation: str | None = None
    #: What the fault needs to know besides.
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class _Armed:
    fault: Fault
    times: int


class Faults:
    """
    Keep the faults that were armed, and hand each out as often as it was asked for.

    Args:
        operations:
            The names an armed fault may wait for. Any name when absent.
    """

    def __init__(self, operations: frozenset[str] | None = None) -> None:
        self._lock = threading.Lock()
        self._operations = operations
        self._armed: list[_Armed] = []

    def arm(
        self, name: str, operation: str | None = None, *, times: int = 1, **parameters: Any
    ) -> None:
        """
        Let the next requests of *operation* meet a fault.

        Faults armed earlier come first.

        Args:
            name:
                One of :data:`FAULT_NAMES`.

            operation:
                The operation it waits for; any when absent.

            times:
                How many requests meet it, 1 or more.

            parameters:
                As listed for the fault.

        Raises:
            ValueError:
                There is no such fault, operation or parameter.
        """
        _check_parameters(name, parameters)
        if self._operations is not None and operation not in {None, *self._operations}:
            known = ", ".join(sorted(self._operations))
            msg = f"no operation named {operation!r} to fail (there are: {known})"
            raise ValueError(msg)
        if not _is_count(times):
            msg = f"a fault is armed for 1 request or more (got {times!r})"
            raise ValueError(msg)
        fault = Fault(name=name, operation=operation, parameters=dict(parameters))
        with self._lock:
            self._armed.append(_Armed(fault, times))

    def clear(self, name: str | None = None) -> None:
        """
        Disarm the faults called *name*, or all of them.
        """
        with self._lock:
            self._armed = [
                one for one in self._armed if name is not None and one.fault.name != name
            ]

    def armed(self) -> list[dict[str, Any]]:
        """
        Return what is still armed, in the order it will be met.
        """
        with self._lock:
            return [
                {
                    "name": one.fault.name,
                    "operation": one.fault.operation,
                    "times": one.times,
                    **one.fault.parameters,
                }
                for one in self._armed
            ]

    def take(self, operation: str) -> Fault | None:
        """
        Use up the next fault that waits for *operation*.
        """
        with self._lock:
            for one in self._armed:
                if one.fault.operation in {None, operation}:
                    one.times -= 1
                    if one.times == 0:
                        self._armed.remove(one)
                    return one.fault
        return None


def _check_parameters(name: str, parameters: Mapping[str, Any]) -> None:
    allowed = _PARAMETERS.get(name)
    if allowed is None:
        msg = f"no fault named {name!r} (there are: {', '.join(FAULT_NAMES)})"
        raise ValueError(msg)
    for key, value in parameters.items():
        if key not in allowed:
            msg = f"fault {name!r} takes no {key!r} (it takes: {', '.join(allowed) or 'nothing'})"
            raise ValueError(msg)
        if not allowed[key](value):
            msg = f"fault {name!r} cannot use {value!r} as {key!r}"
            raise ValueError(msg)
    missing = sorted(_REQUIRED.get(name, frozenset()) - parameters.keys())
    if missing:
        msg = f"fault {name!r} needs {', '.join(missing)}"
        raise ValueError(msg)
