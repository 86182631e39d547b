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
    """

    #: The developer id, a UUID; a new one when not given.
    developer_id: str = attrs.field(factory=_new_id)
    #: The access key's id, a UUID; a new one when not given.
    key_id: str = attrs.field(factory=_new_id)
    #: The signing secret as the portal shows it: base64url, without padding (32 bytes there).
    signing_secret: str = attrs.field(factory=_new_secret, repr=False, validator=_check_secret)
    #: Where to listen on 127.0.0.1; 0 takes a free port.
    port: int = 0
    #: Simulated seconds for each real second.
    speed: float = 1.0
    #: The clock's first reading, aware; the real time when absent.
    start: datetime | None = None
    #: Whether couriers move with the clock; else only by hand, as in DoorDash's sandbox.
    courier_walks: bool = True
    #: Requests in 60 real seconds before 429; DoorDash documents 300. None never refuses.
    request_limit: int | None = None
    #: Whether refusals have the reason as their ``code``, the form that DoorDash's SDK expects
    #: (0.3.10 to 0.6.13) and no document shows; else in ``reason`` beside it.
    reason_in_code: bool = False
    #: The real time in seconds since 1970: tokens and the ``Date`` header are judged by it.
    real_time: Callable[[], float] = time.time
