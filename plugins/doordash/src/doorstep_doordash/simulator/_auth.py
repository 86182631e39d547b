"""
The access token: a JWT that the caller makes and signs.

Source:
    DoorDash, "Build JWTs"; Drive API 2.1.59, ``authentication_error``;
    ``@doordash/sdk`` 0.6.13.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final

import jwt
from werkzeug.wrappers import Request

from doorstep_doordash.simulator._limit import RequestLimit
from doorstep_doordash.simulator._options import AccessKey
from doorstep_doordash.simulator._refused import authentication

__all__ = ["Gate", "check_token"]

_LONGEST_LIFE_S: Final = 1800
_ANONYMOUS: Final = "The Authorization header must be: Bearer, a space, the JWT"
_FORGED: Final = (
    "The signature is not valid; please make sure the signing secret was "
    "base64url decoded prior to signing"
)


class Gate:
    """
    Let requests in that carry a good token, up to the limit of their access key.

    Args:
        key:
            The access key that tokens are signed with.

        limit:
            Requests in 60 real seconds; None lets all pass.

        real_time:
            The real time in seconds since 1970.
    """

    def __init__(self, key: AccessKey, limit: int | None, real_time: Callable[[], float]) -> None:
        self._key = key
        self._limit = RequestLimit(limit, real_time)
        self._real_time = real_time

    def check(self, request: Request) -> None:
        """
        Check who asks, and count the request.

        Raises:
            RefusedError:
                401 or 429.
        """
        check_token(request.headers.get("Authorization"), self._key, self._real_time())
        self._limit.check()


def check_token(authorization: str | None, access: AccessKey, now: float) -> None:
    """
    Let the request pass if it carries a good token.

    Times are judged by the real time, not by the simulator's clock. ``exp`` and
    ``iat`` may be strings of digits, as DoorDash's Python sample sends them.

    Raises:
        RefusedError:
            401, with the cause in the message. DoorDash prints the text for an
            expired token whatever the cause; a client must not read it.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme != "Bearer" or not token:
        raise authentication(_ANONYMOUS)
    objection = _objection(_verified(token.strip(), access), access, now)
    if objection is not None:
        raise authentication(objection)


def _objection(claims: dict[str, Any], access: AccessKey, now: float) -> str | None:
    if claims.get("kid") != access.key_id:
        return "The [kid] claim is not the ID of an access key"
    issued, expires = _seconds(claims["iat"]), _seconds(claims["exp"])
    if issued is None or expires is None:
        return "The [iat] and the [exp] must be numbers of seconds"
    if expires <= now:
        return "The [exp] is in the past; the JWT is expired"
    if issued > now:
        return "The [iat] is in the future"
    if expires - issued > _LONGEST_LIFE_S:
        return "The JWT lives longer than 1800 seconds"
    return None


def _verified(token: str, access: AccessKey) -> dict[str, Any]:
    padding = "=" * (-len(access.signing_secret) % 4)
    key = base64.urlsafe_b64decode(access.signing_secret + padding)
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience="doordash",
            issuer=access.developer_id,
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat"]},
        )
    except jwt.InvalidSignatureError:
        raise authentication(_FORGED) from None
    except jwt.InvalidTokenError as error:
        message = f"The JWT is not valid: {error}"
        raise authentication(message) from None
    for name, expected in {"typ": "JWT", "dd-ver": "DD-JWT-V1"}.items():
        if header.get(name) != expected:
            message = f"The JWT's header must have [{name}] {expected}"
            raise authentication(message)
    return claims


def _seconds(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
