"""
How a simulated Drive account is set up.
"""

from __future__ import annotations

import base64
import re
import secrets
import time
import uuid
from collections.abc import Callable
from datetime import datetime

import attrs

__all__ = ["DriveOptions"]


_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


def _new_id() -> str:
    return str(uuid.uuid4())


def _new_secret() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def _check_secret(_options: DriveOptions, _attribute: attrs.Attribute[str], value: str) -> None:
    if not _BASE64URL.fullmatch(value) or len(value) % 4 == 1:
        msg = "signing_secret must be base64url without padding"
        raise ValueError(msg)


@attrs.frozen(kw_only=True)
class DriveOptions:
    """
    The settings of one :class:`DriveServer`.

    Args:
        developer_id:
            The developer id, a UUID; a new one when not given.

        key_id:
            The access key's id, a UUID; a new one when not given.

        signing_secret:
            The signing secret as the portal shows it: base64url without padding.

        port:
            Where to listen on 127.0.0.1; 0 takes a free port.

        speed:
            Simulated seconds for each real second.

        start:
            The clock's first reading, aware; the real time when absent.

        courier_walks:
            Whether couriers move with the clock; else by hand, as in DoorDash's sandbox.

        request_limit:
            Requests in 60 real seconds before 429, no limit when absent; the carrier's is 300.

        reason_in_code:
            Whether refusals have the reason as their code, as the carrier's SDK expects.

        real_time:
            The real time in seconds since 1970: tokens and the Date header are judged by it.
    """

    developer_id: str = attrs.field(factory=_new_id)
    key_id: str = attrs.field(factory=_new_id)
    signing_secret: str = attrs.field(factory=_new_secret, repr=False, validator=_check_secret)
    port: int = 0
    speed: float = 1.0
    start: datetime | None = None
    courier_walks: bool = True
    request_limit: int | None = None
    # 0.3.10 to 0.6.13 of the SDK look for reasons there; no document shows them there.
    reason_in_code: bool = False
    real_time: Callable[[], float] = time.time
