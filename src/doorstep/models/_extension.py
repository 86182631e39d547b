"""
Carrier-only inputs (typed, owned by the plugin) and outputs (read-only).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, ClassVar


class Extension:
    """
    The base of a plugin's own inputs.

    Subclass it with :func:`attrs.frozen` and name the provider::

        @attrs.frozen(kw_only=True)
        class AcmeExtension(Extension, provider="acme"):
            colour: str | None = None
    """

    __slots__ = ()
    #: The provider that reads it.
    provider: ClassVar[str] = ""
    #: Every extension class that was imported, by provider.
    known: ClassVar[dict[str, type[Extension]]] = {}

    def __init_subclass__(cls, provider: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # attrs builds a slotted class a second time, without the keyword.
        cls.provider = provider or cls.provider
        Extension.known[cls.provider] = cls


class Raw(Mapping[str, Any]):
    """
    A carrier's answer as it was parsed, read-only all the way down.

    It may hold personal data: it is in no repr and in no comparison of the
    value that carries it.
    """

    __slots__ = ("_data",)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        # Another Raw is read-only too, so its data can be shared.
        if isinstance(data, Raw):
            self._data: dict[str, Any] = data._data  # noqa: SLF001  its own class
        else:
            self._data = dict(data or {})

    def __getitem__(self, key: str) -> Any:
        return _frozen(self._data[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def as_dict(self) -> dict[str, Any]:
        """
        Return a copy that may be changed, of plain dicts and lists.
        """
        return deepcopy(self._data)

    def __repr__(self) -> str:
        return f"<Raw with {len(self._data)} keys>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Raw, (self._data,)


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return Raw(value)
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    return value
