"""
One business or store under its id: read, changed, or made where it may be there already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import attrs

from doorstep.codec import encode
from doorstep.errors import (
    CarrierInternalError,
    DuplicateError,
    InvalidAnswerError,
    ProviderError,
    UnclassifiedCarrierError,
    ValidationError,
)
from doorstep.http import Flow, Path, Request, Response, TransportError
from doorstep.outcome import Effect, Repeat
from doorstep_doordash._errors import answered, refusal
from doorstep_doordash._onboarding_wire import BusinessBody, StoreBody

__all__ = ["Entry", "check_named"]

T = TypeVar("T")

_OTHER_ID = "get it, and update it or choose another id"


@attrs.frozen(kw_only=True)
class Entry(Generic[T]):
    """
    Where a business or store is, and how answers about it are read.

    Args:
        id:
            The caller's.

        id_field:
            What the id is called in a body.

        route:
            Its own path.

        read:
            Returns what an answer says, or raises because it is about another one.
    """

    id: str
    id_field: str
    route: Path
    read: Callable[[Response], T]

    def get(self, operation: str, *, recovery: bool = False) -> Flow[T]:
        """
        Read it.

        Raises:
            doorstep.errors.AccountNotFoundError:
                DoorDash does not know it.
        """
        response = yield Request("GET", self.route, recovery=recovery)
        return self._answer(response, operation)

    def update(self, body: BusinessBody | StoreBody, operation: str) -> Flow[T]:
        """
        Change what *body* has.
        """
        response = yield _changing("PATCH", self.route, body)
        return self._answer(response, operation)

    def create(
        self,
        route: Path,
        body: BusinessBody | StoreBody,
        operation: str,
        same: Callable[[T], bool],
    ) -> Flow[T]:
        """
        Make it, or return what is there already if that is the *same*.

        What DoorDash answers to an id that is used is documented nowhere. So a lost
        answer, and a refusal that can mean it, are followed by a read.

        Raises:
            doorstep.errors.DuplicateError:
                Another one has the id.
        """
        problem: ProviderError | TransportError
        try:
            response = yield _changing("POST", route, body)
        except TransportError as lost:
            if not lost.sent:
                raise
            problem = lost
        else:
            if answered(response):
                return self.read(response)
            problem = refusal(response, operation)
            if not self._may_be_there(response, problem):
                raise problem
        found = yield from self._look(operation)
        if found is None:
            raise problem
        if same(found):
            return found
        raise DuplicateError(
            "was refused: the id is used by one that differs",
            params={"existing_id": self.id},
            advice=_OTHER_ID,
        )

    def _look(self, operation: str) -> Flow[T | None]:
        """
        Read what has the id; None if nothing has, or if that cannot be told now.
        """
        try:
            return (yield from self.get(operation, recovery=True))
        except (ProviderError, TransportError):
            return None

    def _may_be_there(self, response: Response, error: ProviderError) -> bool:
        """
        Whether *error* can mean that the id is used, or that it was made all the same.

        A refusal that names other fields, or a business that is missing, cannot.
        """
        if response.status == 409 or isinstance(error, DuplicateError | CarrierInternalError):
            return True
        named = not error.fields or any(field.path == self.id_field for field in error.fields)
        kinds = (ValidationError, UnclassifiedCarrierError)
        return response.status in (400, 422) and isinstance(error, kinds) and named

    def _answer(self, response: Response, operation: str) -> T:
        if not answered(response):
            raise refusal(response, operation)
        return self.read(response)


def check_named(told: str | None, wanted: str, field: str, response: Response) -> None:
    """
    Refuse an answer about another one than was asked for.
    """
    if told != wanted:
        raise InvalidAnswerError(
            f"got an answer about another one @ {field}",
            params={"path": field},
            http_status=response.status,
        )


def _changing(method: str, route: Path, body: BusinessBody | StoreBody) -> Request:
    """
    Return a request that changes. Sent twice it makes one: the id is the caller's.
    """
    return Request(
        method,
        route,
        body=encode(body),
        effect=Effect.CHANGES,
        repeat=Repeat.SAME_EFFECT,
    )
