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
from typing import Final

import attrs

from doorstep.simulation import WebhookOptions

__all__ = ["DriveOptions"]

_TRIES: Final = 3
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


def _new_id() -> str:
    return str(uuid.uuid4())


def _new_secret() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def _new_authorization() -> str:
    return "Basic " + base64.b64encode(b"drive:" + secrets.token_bytes(24)).decode()


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

        webhook_url:
            Where webhooks go: https, or http to this machine; nowhere when absent.

        webhook_authorization:
            Their Authorization header, as typed into the portal; a new one when not given.

        webhook_enroute:
            Whether the events on the way are sent, which DoorDash sends when asked to.

        webhook_older_fields:
            Whether fields have their older names, dasher_phone_number among them.

        webhook_pause:
            Simulated seconds before a webhook that was not answered with 200 is sent again.

        webhook_shuffle:
            A seed: webhooks come up to ten simulated minutes late, so in another order.

        webhook_repeat:
            How often each webhook is sent although it was answered with 200.

        webhook_foreign:
            Whether each webhook is followed by one about somebody else's delivery.

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
    webhook_url: str | None = attrs.field(default=None, repr=False)
    webhook_authorization: str = attrs.field(factory=_new_authorization, repr=False)
    webhook_enroute: bool = False
    webhook_older_fields: bool = False
    # The carrier's is not documented; how often it tries is.
    webhook_pause: float = 30.0
    webhook_shuffle: int | None = None
    webhook_repeat: int = 1
    webhook_foreign: bool = False
    real_time: Callable[[], float] = time.time

    def webhooks(self) -> WebhookOptions:
        """
        Return where webhooks go, and how.

        Raises:
            ValueError:
                A field is wrong.
        """
        return WebhookOptions(
            url=self.webhook_url,
            headers={"Authorization": self.webhook_authorization},
            tries=_TRIES,
            pauses_s=(self.webhook_pause,),
            shuffle=self.webhook_shuffle,
            repeat=self.webhook_repeat,
            foreign=self.webhook_foreign,
        )
