"""
An opaque holder for a credential.
"""

from __future__ import annotations

import hmac
from typing import NoReturn

__all__ = ["Secret"]


class Secret:
    """
    Hold a credential so that nothing prints, copies or stores it by accident.

    Its repr, its str and every format of it read ``<Secret>``; it refuses to be
    pickled and is not JSON. Two secrets compare in constant time.

    Args:
        value:
            The credential as text.

    .. versionadded:: 0.1.0
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        if type(value) is not str:
            msg = f"a secret must be text (got {type(value).__name__})"
            del value  # a traceback with locals would show it
            raise TypeError(msg)
        self.__value = value

    def reveal(self) -> str:
        """
        Return the credential. Call it in the last frame before it is used.

        The frame that holds the result must not raise: tracebacks with locals
        would show it.
        """
        return self.__value

    def __repr__(self) -> str:
        return "<Secret>"

    def __format__(self, spec: str) -> str:
        return "<Secret>"

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # Text from the environment may hold lone surrogates; an encoding error would hold it.
        mine, theirs = (one.reveal().encode(errors="surrogatepass") for one in (self, other))
        return hmac.compare_digest(mine, theirs)

    __hash__ = None  # type: ignore[assignment]  # a hash would be an oracle for short secrets

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        msg = "a Secret cannot be pickled: settings travel by name, not by value"
        raise TypeError(msg)
