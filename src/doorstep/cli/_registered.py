"""
The commands for the stores that a business has registered with a carrier.
"""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from doorstep.cli._listing import show_each
from doorstep.cli._shared import Account, Asking, given_by
from doorstep.cli._shop import store_parts, with_raw
from doorstep.codec import to_json
from doorstep.models import Address, NewStore, StoreChanges, StoreStatus

__all__ = ["create", "list_all", "show", "update"]

_HEADINGS = ("store", "name", "status", "address")
_OPTIONS = {"name": "name", "one_line": "address", "phone": "phone"}
_Phone = Annotated[str | None, Parameter(help="As +16505555555.")]


def list_all(
    provider: str,
    business: str,
    /,
    *,
    status: Annotated[StoreStatus | None, Parameter(help="Only those.")] = None,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    List the registered stores of a business, each once.

    --deadline is for each page. If the list breaks off, what came of it is shown.

    Args:
        provider:
            The plugin's name.

        business:
            Your id of it.
    """
    with asking.connect(provider, account) as courier:
        found = courier.onboarding.stores(business, status, deadline_s=asking.deadline)
        rows = (
            (
                one,
                (
                    one.id,
                    one.name or "-",
                    with_raw(one.status.value, one.raw_status),
                    one.address or "-",
                ),
            )
            for one in found
        )
        show_each(asking.output, _HEADINGS, rows, empty="The carrier knows no such store.")


def show(
    provider: str,
    business: str,
    store: str,
    /,
    *,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Show a registered store.

    Args:
        provider:
            The plugin's name.

        business:
            Your id of the business.

        store:
            Your id of the store.
    """
    with asking.connect(provider, account) as courier:
        found = courier.onboarding.get_store(business, store, deadline_s=asking.deadline)
    asking.output.value(to_json(found), *store_parts(found))


def create(
    provider: str,
    business: str,
    store: str,
    /,
    *,
    name: Annotated[str, Parameter(help="What customers, couriers and support see.")],
    address: Annotated[str, Parameter(help="Where it is, on one line.")],
    phone: _Phone = None,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Register a store. One that is there already, and the same, is shown.

    Args:
        provider:
            The plugin's name.

        business:
            Your id of the business.

        store:
            Your id of the store, for good.
    """
    with given_by(id="STORE", **_OPTIONS):
        new = NewStore(id=store, name=name, address=Address(one_line=address), phone=phone)
    with asking.connect(provider, account) as courier:
        made = courier.onboarding.create_store(business, new, deadline_s=asking.deadline)
    asking.output.value(to_json(made), *store_parts(made))


def update(
    provider: str,
    business: str,
    store: str,
    /,
    *,
    name: Annotated[str | None, Parameter(help="What customers see.")] = None,
    address: Annotated[str | None, Parameter(help="Where it is, on one line.")] = None,
    phone: _Phone = None,
    account: Account = "default",
    asking: Asking = Asking(),  # noqa: B008  frozen
) -> None:
    """
    Change a registered store; what is not given stays as it is.

    Args:
        provider:
            The plugin's name.

        business:
            Your id of the business.

        store:
            Your id of the store.
    """
    with given_by(**_OPTIONS):
        place = None if address is None else Address(one_line=address)
        changes = StoreChanges(name=name, address=place, phone=phone)
    with asking.connect(provider, account) as courier:
        told = courier.onboarding.update_store(business, store, changes, deadline_s=asking.deadline)
    asking.output.value(to_json(told), *store_parts(told))
