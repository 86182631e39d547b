"""
The access token: a JWT that is made and signed here, for half an hour at a time.

Source:
    DoorDash, "Build JWTs"; Drive API 2.1.59, ``authentication_error``. The
    access key's id is a claim, not a header, and without ``typ`` DoorDash
    answers 401.
"""

from __future__ import annotations

import binascii
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Final

import orjson

from doorstep.http import Grant, Request
from doorstep.secret import Secret

__all__ = ["is_signing_secret", "mint", "with_token"]

#: The longest life DoorDash accepts, in seconds.
LIFETIME_S: Final = 1800
#: How far back a token is dated: DoorDash refuses one from the future, and clocks differ.
BACKDATED_S: Final = 30

_ALPHABET = re.compile(r"[A-Za-z0-9_-]+")


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


_HEADER: Final = _base64url(b'{"alg":"HS256","dd-ver":"DD-JWT-V1","typ":"JWT"}')


def is_signing_secret(secret: object) -> bool:
    """
    Whether *secret* holds a key in base64url without padding.

    Checked strictly: lax decoders drop what they do not know, and the wrong key
    that is left shows only as a 401.
    """
    return isinstance(secret, Secret) and bool(_key(secret))


def mint(developer_id: str, key_id: str, secret: Secret, now: datetime) -> Grant:
    """
    Return a token that holds from half a minute before *now*, for 1800 seconds.
    """
    issued = int(now.timestamp()) - BACKDATED_S
    expires = issued + LIFETIME_S
    claims = {
        "aud": "doordash",
        "iss": developer_id,
        "kid": key_id,
        "iat": issued,
        "exp": expires,
    }
    unsigned = f"{_HEADER}.{_base64url(orjson.dumps(claims))}"
    token = Secret(f"{unsigned}.{_signature(secret, unsigned.encode())}")
    return Grant(value=token, expires_at=datetime.fromtimestamp(expires, UTC))


def with_token(request: Request, grant: Grant | None) -> Request:
    """
    Return *request* with the token, and with the type of the body if it has one.
    """
    headers = {} if request.body is None else {"Content-Type": "application/json"}
    if grant is not None:
        headers["Authorization"] = f"Bearer {grant.value.reveal()}"
    return request.with_headers(headers)


def _key(secret: Secret) -> bytes:
    """
    Return the key, or nothing if it is malformed: this frame must not raise.
    """
    text = secret.reveal()
    if not _ALPHABET.fullmatch(text):
        return b""
    try:
        key = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""
    return key if _base64url(key) == text else b""


def _signature(secret: Secret, message: bytes) -> str:
    return _base64url(hmac.digest(_key(secret), message, "sha256"))
