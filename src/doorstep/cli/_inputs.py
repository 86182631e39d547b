"""
Requests and changes, from a file or from options.
"""

from __future__ import annotations

from pathlib import Path

import attrs
from cyclopts import Parameter

from doorstep.cli._files import read_value
from doorstep.cli._money import read_money, read_time
from doorstep.cli._shared import invalid
from doorstep.models import (
    Address,
    Asap,
    Changes,
    Contact,
    DeliveryRequest,
    DropoffAt,
    Money,
    PickupAt,
    Schedule,
    Stop,
    StopChanges,
)

__all__ = ["ChangeOptions", "RequestOptions"]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class RequestOptions:
    """
    A request: a file, or options for the common case.

    Args:
        request:
            A file with the request as JSON; - is stdin.

        reference:
            Your id of it.

        revision:
            Which attempt under the reference, from 1.

        pickup_address:
            Where from, on one line.

        pickup_name:
            The name over the door there.

        pickup_phone:
            As +16505555555.

        dropoff_address:
            Where to, on one line.

        dropoff_name:
            The recipient's name as one; or give its parts.

        dropoff_given_name:
            The recipient's given name.

        dropoff_family_name:
            The recipient's family name.

        dropoff_phone:
            As +16505555555.

        instructions:
            For the courier, at the door.

        order_value:
            What the goods are worth: '19.99 USD'.

        tip:
            For the courier: '5.00 USD'.

        pickup_at:
            Be at the pickup then: 2026-11-22T18:30:00+01:00. Else as soon as possible.

        dropoff_at:
            Be at the dropoff then.
    """

    request: Path | None = None
    reference: str | None = None
    revision: int | None = None
    pickup_address: str | None = None
    pickup_name: str | None = None
    pickup_phone: str | None = None
    dropoff_address: str | None = None
    dropoff_name: str | None = None
    dropoff_given_name: str | None = None
    dropoff_family_name: str | None = None
    dropoff_phone: str | None = None
    instructions: str | None = None
    order_value: str | None = None
    tip: str | None = None
    pickup_at: str | None = None
    dropoff_at: str | None = None

    def read(self) -> DeliveryRequest:
        """
        Return the request.

        Raises:
            doorstep.errors.ValidationError:
                Something is missing, wrong, or said twice.
        """
        return self._from_options() if self.request is None else self._from_file(self.request)

    def _from_file(self, path: Path) -> DeliveryRequest:
        allowed = {"request", "reference", "revision"}
        given = [name for name in attrs.asdict(self) if getattr(self, name) is not None]
        extra = [flag(name) for name in given if name not in allowed]
        if extra:
            raise invalid(extra[0], "is in the file already, or belongs there (--request)")
        found = read_value("--request", path, DeliveryRequest)
        return attrs.evolve(
            found,
            reference=self.reference or found.reference,
            revision=found.revision if self.revision is None else self.revision,
        )

    def _from_options(self) -> DeliveryRequest:
        needed = ("reference", "pickup_address", "dropoff_address")
        missing = [flag(name) for name in needed if getattr(self, name) is None]
        if missing:
            raise invalid(", ".join(missing), "must be given, or --request FILE")
        assert self.reference is not None  # noqa: S101  for the type checker
        return DeliveryRequest(
            reference=self.reference,
            revision=1 if self.revision is None else self.revision,
            pickup=Stop(
                address=Address(one_line=self.pickup_address),
                contact=Contact(business=self.pickup_name, phone=self.pickup_phone),
            ),
            dropoffs=Stop(
                address=Address(one_line=self.dropoff_address),
                contact=Contact(
                    display=self.dropoff_name,
                    given=self.dropoff_given_name,
                    family=self.dropoff_family_name,
                    phone=self.dropoff_phone,
                ),
                instructions=self.instructions,
            ),
            schedule=schedule(self.pickup_at, self.dropoff_at) or Asap(),
            order_value=money("--order-value", self.order_value),
            tip=money("--tip", self.tip),
        )


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class ChangeOptions:
    """
    Changes: a file, or options for the common case.

    Args:
        changes:
            A file with the changes as JSON; - is stdin.

        dropoff_address:
            Where to, on one line.

        dropoff_phone:
            As +16505555555.

        dropoff_instructions:
            For the courier, at the door.

        order_value:
            What the goods are worth: '19.99 USD'.

        tip:
            For the courier: '5.00 USD'.

        pickup_at:
            Be at the pickup then: 2026-11-22T18:30:00+01:00.

        dropoff_at:
            Be at the dropoff then.
    """

    changes: Path | None = None
    dropoff_address: str | None = None
    dropoff_phone: str | None = None
    dropoff_instructions: str | None = None
    order_value: str | None = None
    tip: str | None = None
    pickup_at: str | None = None
    dropoff_at: str | None = None

    def read(self) -> Changes:
        """
        Return the changes.

        Raises:
            doorstep.errors.ValidationError:
                Nothing is to be changed, or something is wrong or said twice.
        """
        given = [name for name in attrs.asdict(self) if getattr(self, name) is not None]
        if not given:
            raise invalid("--changes FILE", "must be given, or an option for what is to change")
        if self.changes is None:
            return self._from_options()
        extra = [flag(name) for name in given if name != "changes"]
        if extra:
            raise invalid(extra[0], "is in the file already, or belongs there (--changes)")
        return read_value("--changes", self.changes, Changes)

    def _from_options(self) -> Changes:
        stop = StopChanges(
            address=Address(one_line=self.dropoff_address) if self.dropoff_address else None,
            contact=Contact(phone=self.dropoff_phone) if self.dropoff_phone else None,
            instructions=self.dropoff_instructions,
        )
        return Changes(
            dropoff=stop if stop != StopChanges() else None,
            schedule=schedule(self.pickup_at, self.dropoff_at),
            order_value=money("--order-value", self.order_value),
            tip=money("--tip", self.tip),
        )


def flag(name: str) -> str:
    """
    Return a field's name as the option it is given by.
    """
    return "--" + name.replace("_", "-")


def money(option: str, text: str | None) -> Money | None:
    """
    Return the amount that an option gives, if it is given.
    """
    return None if text is None else read_money(option, text)


def schedule(pickup_at: str | None, dropoff_at: str | None) -> Schedule | None:
    """
    Return the one time that is given, if any.
    """
    if pickup_at is not None and dropoff_at is not None:
        raise invalid("--pickup-at", "and --dropoff-at cannot both be given")
    if pickup_at is not None:
        return PickupAt(read_time("--pickup-at", pickup_at))
    return None if dropoff_at is None else DropoffAt(read_time("--dropoff-at", dropoff_at))
