"""
What the fake carrier and its provider say to each other: neutral JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar

import orjson

from doorstep import errors
from doorstep.codec import from_json, to_json
from doorstep.errors import (
    AuthenticationError,
    InvalidAnswerError,
    ProviderError,
    RateLimitedError,
    UnclassifiedCarrierError,
)
from doorstep.http import Response
from doorstep.models import Delivery

__all__ = ["Refusal", "check", "knows", "read", "read_each", "write_each"]

T = TypeVar("T")

_BY_CODE: dict[str, type[ProviderError]] = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ProviderError)
}
#: What a refusal may tell beside its code.
_PARAMS = ("reason", "retry_after_s")
#: What a status tells without any body.
_BY_STATUS: dict[int, type[ProviderError]] = {401: AuthenticationError, 429: RateLimitedError}
_WORD = re.compile(r"\w{1,64}")


class Refusal(Exception):  # noqa: N818  the carrier's answer, not an error of ours
    """
    What the fake carrier says instead of doing something.

    Args:
        status:
            The HTTP status.

        error:
            The ``code`` of the error that the client raises.

        told:
            What it tells beside.
    """

    def __init__(self, status: int, error: str, **told: object) -> None:
        super().__init__(error)
        self.status = status
        self.body = orjson.dumps({"error": error, **told})


def knows(error: type[ProviderError]) -> bool:
    """
    Tell whether the fake carrier can refuse with exactly *error*.
    """
    return _BY_CODE.get(error.code) is error


def write_each(values: Iterable[object]) -> bytes:
    """
    Return a body with several neutral values.
    """
    return orjson.dumps([to_json(one) for one in values])


def read_each(body: bytes, kind: type[T]) -> list[T]:
    """
    Return the neutral values in a body.
    """
    return [from_json(text, kind) for text in orjson.loads(body)]


def read(answer: Response, kind: type[T]) -> T:
    """
    Return the value in *answer*, or raise what it refuses with.
    """
    check(answer)
    return from_json(answer.body, kind)


def check(answer: Response) -> None:
    """
    Raise what *answer* refuses with, if it does.
    """
    if answer.status == 200:
        return
    try:
        told = orjson.loads(answer.body)
        code = told["error"]
        known = {name: told[name] for name in _PARAMS if _is_plain(told.get(name))}
        existing = from_json(told["existing"], Delivery) if told.get("existing") else None
    except (ValueError, KeyError, TypeError, AttributeError):
        unread = _BY_STATUS.get(answer.status, InvalidAnswerError)
        raise unread("got an unknown answer", http_status=answer.status) from None
    if existing is not None:
        known["existing_id"] = str(existing.id)
    refused = _BY_CODE.get(code, UnclassifiedCarrierError)
    raise refused(
        "was refused",
        http_status=answer.status,
        raw_code=code if _is_plain(code) else None,
        params=known,
        delivery=existing,
    )


def _is_plain(value: Any) -> bool:
    """
    Whether it is a number or a word: prose may name somebody, and errors are logged.
    """
    if isinstance(value, str):
        return _WORD.fullmatch(value) is not None
    return isinstance(value, int | float)
