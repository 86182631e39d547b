"""
What a provider and the core exchange: requests, responses and flows.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from urllib.parse import quote, urlencode

import attrs

from doorstep.errors import FieldProblem, ValidationError
from doorstep.outcome import Effect, Repeat

T = TypeVar("T")

#: One mebibyte: more than any carrier's JSON answer.
DEFAULT_BODY_CAP = 1024 * 1024

_SLOT = re.compile(r"\{([a-z_]+)\}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")


@attrs.frozen
class Path:
    """
    A request's path: the template for telemetry, and the encoded path itself.
    """

    route: str
    encoded: str = attrs.field(repr=False)


def path(route: str, /, **segments: str) -> Path:
    """
    Fill the slots of *route*, each percent-encoded as one path segment.

    Args:
        route:
            A template such as ``/v2/deliveries/{id}/cancel``.

        segments:
            A value for each slot. ``.``, ``..`` and empty values are refused,
            because percent-encoding does not change what they mean.

    Raises:
        doorstep.errors.ValidationError:
            A segment cannot stand in a path. Nothing was sent.
    """

    def fill(slot: re.Match[str]) -> str:
        value = segments[slot[1]]
        if value in ("", ".", "..") or not value.isprintable():
            problem = FieldProblem(slot[1], "cannot stand in a path")
            raise ValidationError("was given an id that no path can hold", fields=(problem,))
        return quote(value, safe="~")

    return Path(route, _SLOT.sub(fill, route))


def _headers(value: Mapping[str, str]) -> Mapping[str, str]:
    for name, text in value.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(text):
            problem = FieldProblem(f"header {name!r}", "must be visible ASCII on one line")
            raise ValidationError("would send a header that breaks the message", fields=(problem,))
    return dict(value)


def _as_path(value: Path | str) -> Path:
    return value if isinstance(value, Path) else Path(value, value)


@attrs.frozen
class Request:
    """
    One HTTP request, as a value.

    Args:
        method:
            In capitals.

        path:
            From :func:`path`, or a constant path.

        body:
            The bytes to send; JSON unless *headers* say otherwise.

        effect, repeat:
            What it does and whether it may be sent again; see
            :mod:`doorstep.outcome`. Unless said, a GET does nothing and
            everything else books, and what does something is never repeated:
            forgetting to say it cannot book twice.

        base:
            Another base URL than the provider's, for example of a token
            endpoint. Such requests are not signed unless *signed* says so.

        signed:
            Whether ``Provider.sign`` sees it before it is sent; by default when
            it goes to the provider's own base URL.

        recovery:
            A read that finds out what happened; it gets a deadline of its own.

        body_cap:
            Bytes of decoded answer that are accepted at most.
    """

    method: str
    path: Path = attrs.field(converter=_as_path)
    query: tuple[tuple[str, str], ...] = attrs.field(default=(), kw_only=True, repr=False)
    headers: Mapping[str, str] = attrs.field(
        factory=dict, converter=_headers, kw_only=True, repr=False
    )
    body: bytes | None = attrs.field(default=None, kw_only=True, repr=False)
    effect: Effect = attrs.field(kw_only=True)
    repeat: Repeat = attrs.field(kw_only=True)
    base: str | None = attrs.field(default=None, kw_only=True)
    signed: bool = attrs.field(
        default=attrs.Factory(lambda request: request.base is None, takes_self=True), kw_only=True
    )
    recovery: bool = attrs.field(default=False, kw_only=True)
    body_cap: int = attrs.field(default=DEFAULT_BODY_CAP, kw_only=True)

    @effect.default
    def _careful_effect(self) -> Effect:
        return Effect.NOTHING if self.method in ("GET", "HEAD") else Effect.BOOKS

    @repeat.default
    def _careful_repeat(self) -> Repeat:
        return Repeat.SAFE if self.effect is Effect.NOTHING else Repeat.NEVER

    @property
    def target(self) -> str:
        """
        The path with the query, as it stands on the wire.
        """
        if not self.query:
            return self.path.encoded
        return f"{self.path.encoded}?{urlencode(self.query)}"

    def with_headers(self, headers: Mapping[str, str]) -> Request:
        """
        Return a copy with *headers* added.
        """
        return attrs.evolve(self, headers={**self.headers, **headers})


@attrs.frozen(kw_only=True)
class Response:
    """
    One HTTP response, as a value, its body complete.

    Args:
        headers:
            With lower-case names.

        sent_at, received_at:
            When the request went out and the body was complete, UTC.

        repeated:
            Whether the request had been sent before without a usable answer.
            Only then may "already done" be taken for success.
    """

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    body: bytes = attrs.field(default=b"", repr=False)
    sent_at: datetime
    received_at: datetime
    repeated: bool = False


class TransportError(Exception):
    """
    No usable answer: thrown into a flow after the driver's own repeats.

    Args:
        kind:
            ``connect``, ``tls``, ``timeout``, ``reset``, ``protocol``,
            ``too_large`` or ``aborted``.

        sent:
            Whether a byte of the request was written. If not, the carrier
            cannot have acted on it.

        cause:
            Type and errno of what went wrong below, without its text.
    """

    def __init__(self, kind: str, *, sent: bool, cause: str = "") -> None:
        super().__init__(kind, sent, cause)
        self.kind = kind
        self.sent = sent
        self.cause = cause

    def __str__(self) -> str:
        sent = "after the request was sent" if self.sent else "before anything was sent"
        return f"{self.kind} {sent}" + (f" ({self.cause})" if self.cause else "")

    def __reduce__(self) -> tuple[Any, ...]:
        return _transport_error, self.args


def _transport_error(kind: str, sent: bool, cause: str) -> TransportError:
    return TransportError(kind, sent=sent, cause=cause)


#: An operation of a provider: yields requests, is sent responses, returns a value.
Flow: TypeAlias = Generator[Request, Response, T]
