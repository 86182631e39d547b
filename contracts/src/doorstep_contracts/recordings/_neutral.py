"""
Neutral values in recordings: as ``doorstep.to_json`` has them, without the envelope
and without what is not told. Which type is meant stands in the provider's protocols.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from types import GenericAlias, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from doorstep import models, provider
from doorstep.codec import from_json, to_json
from doorstep.errors import ValidationError
from doorstep.models import DeliveryId, Money
from doorstep.provider import Catalog, Context, Page

__all__ = ["Operation", "operation_named", "read_neutral", "write_neutral"]

_VERSION = json.loads(to_json(Money(1, "USD")))["doorstep"]
_PLAIN = (bool, int, str)


@attrs.frozen
class Operation:
    """
    An operation as its protocol declares it.

    Args:
        protocol:
            Who has it.

        parameters:
            The type of each argument but the context.

        result:
            What its flow returns.
    """

    name: str
    protocol: type[Any]
    parameters: Mapping[str, Any]
    result: Any

    @property
    def optional(self) -> frozenset[str]:
        """
        The arguments that may be None, and so be left out.
        """
        return frozenset(name for name, kind in self.parameters.items() if _may_be_none(kind))

    def of(self, account: Any) -> Any:
        """
        Return the object of *account* that has it, or None.
        """
        holder = getattr(account, "catalog", None) if self.protocol is Catalog else account
        return holder if callable(getattr(holder, self.name, None)) else None


@cache
def operation_named(name: str) -> Operation | None:
    """
    Return the operation, or None if no protocol has it.
    """
    protocols: list[Any] = [getattr(provider, one) for one in provider.__all__]
    for protocol in protocols:
        function = vars(protocol).get(name)
        if protocol in (Context, Page, provider.Webhooks, provider.Catalogs) or function is None:
            continue
        if not callable(function):
            continue
        hints = get_type_hints(function)
        flow = get_args(hints.pop("return", None))
        if len(flow) == 3 and Context in hints.values():
            wanted = {key: kind for key, kind in hints.items() if kind is not Context}
            return Operation(name, protocol, wanted, flow[2])
    return None


def read_neutral(kind: Any, data: Any, path: str) -> Any:
    """
    Return the value of type *kind* that *data* is.

    Raises:
        ValueError:
            It is not one; its arguments are the path and the rule.
    """
    if _may_be_none(kind):
        members = [one for one in get_args(kind) if one is not NoneType]
        return None if data is None else read_neutral(members[0], data, path)
    if kind is NoneType:
        return _checked(data is None, None, path, "must be null")
    if get_origin(kind) in (list, tuple, Sequence):
        _checked(isinstance(data, list), data, path, "must be a list")
        member = get_args(kind)[0]
        return [read_neutral(member, one, f"{path}[{at}]") for at, one in enumerate(data)]
    if get_origin(kind) is Page:
        return _page(kind, data, path)
    if kind in _PLAIN:
        return _checked(type(data) is kind, data, path, f"must be {kind.__name__}")
    return _model(kind, data, path)


def write_neutral(value: Any) -> Any:
    """
    Return *value* as JSON has it.
    """
    if isinstance(value, DeliveryId):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, Page):
        return {"entries": write_neutral(value.entries), "next": value.next}
    if isinstance(value, Sequence):
        return [write_neutral(one) for one in value]
    whole = _without_raw(json.loads(to_json(value))["value"])
    for lean in (_lean(whole, (None, [], {})), _lean(whole, (None,))):
        if _same(type(value), lean, value):
            return lean
    return whole


def _same(kind: Any, data: Any, value: Any) -> bool:
    try:
        return bool(_model(kind, data, "$") == value)
    except ValueError:
        return False


def _lean(value: Any, empty: tuple[Any, ...]) -> Any:
    if isinstance(value, dict):
        kept = {key: _lean(one, empty) for key, one in value.items()}
        return {key: one for key, one in kept.items() if not _is_one_of(one, empty)}
    return [_lean(one, empty) for one in value] if isinstance(value, list) else value


def _is_one_of(value: Any, empty: tuple[Any, ...]) -> bool:
    return any(type(value) is type(one) and value == one for one in empty)


def _without_raw(value: Any) -> Any:
    """
    Leave out the carrier's answer, which takes no part in comparisons.
    """
    if isinstance(value, dict):
        return {key: _without_raw(one) for key, one in value.items() if key != "raw"}
    return [_without_raw(one) for one in value] if isinstance(value, list) else value


def _model(kind: type[Any], data: Any, path: str) -> Any:
    if kind is DeliveryId or (isinstance(kind, type) and issubclass(kind, Enum)):
        make: Any = DeliveryId.parse if kind is DeliveryId else kind
        try:
            return make(data)
        except (ValueError, TypeError, ValidationError):
            raise ValueError(path, f"is no {kind.__name__}") from None
    if getattr(models, str(getattr(kind, "__name__", "")), None) is not kind:
        raise ValueError(path, f"is of a type that no recording can hold: {kind}")
    text = json.dumps({"doorstep": _VERSION, "type": kind.__name__, "value": data})
    try:
        return from_json(text, kind)
    except ValidationError as error:
        first = error.fields[0]
        raise ValueError(first.path.replace("$.value", path, 1), first.problem) from None


def _page(kind: Any, data: Any, path: str) -> Any:
    good = isinstance(data, dict) and {"entries"} <= set(data) <= {"entries", "next"}
    _checked(good, data, path, "must have entries and next")
    members: Any = GenericAlias(list, (get_args(kind)[0],))
    entries = read_neutral(members, data["entries"], f"{path}.entries")
    return Page(entries=entries, next=read_neutral(str | None, data.get("next"), f"{path}.next"))


def _checked(good: bool, data: Any, path: str, rule: str) -> Any:
    if not good:
        raise ValueError(path, rule)
    return data


def _may_be_none(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and NoneType in get_args(kind)
