"""
Changes to a delivery, from a file or from options.
"""

from __future__ import annotations

import attrs
from cyclopts import Parameter

from doorstep.cli._files import read_value
from doorstep.cli._money import money, schedule
from doorstep.cli._shared import Input, flag, given_by, invalid
from doorstep.models import Address, Changes, Contact, StopChanges

__all__ = ["ChangeOptions"]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class ChangeOptions:
    """
    Changes: a file, or options for the common case.

    Args:
        changes:
            A file with the changes as JSON, fields by name; - is stdin.

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

    changes: Input | None = None
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
        at_dropoff = {"one_line": "address", "phone": "phone", "instructions": "instructions"}
        with given_by(**{name: f"dropoff_{option}" for name, option in at_dropoff.items()}):
            stop = StopChanges(
                address=Address(one_line=self.dropoff_address) if self.dropoff_address else None,
                contact=Contact(phone=self.dropoff_phone) if self.dropoff_phone else None,
                instructions=self.dropoff_instructions,
            )
        with given_by(order_value="order_value", tip="tip"):
            return Changes(
                dropoff=stop if stop != StopChanges() else None,
                schedule=schedule(self.pickup_at, self.dropoff_at),
                order_value=money("--order-value", self.order_value),
                tip=money("--tip", self.tip),
            )
