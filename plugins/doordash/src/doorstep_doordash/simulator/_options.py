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
from enum import StrEnum
from typing import Final

import attrs

from doorstep.simulation import WebhookOptions
from doorstep_doordash.simulator._menus import MarketplaceStore, default_stores
from doorstep_doordash.simulator._pages import Paging

__all__ = ["AccessKey", "DriveOptions", "Generation"]

_TRIES: Final = 3
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


def _new_id() -> str:
    return str(uuid.uuid4())


def _new_secret() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def _new_authorization() -> str:
    return "Basic " + base64.b64encode(b"drive:" + secrets.token_bytes(24)).decode()


def _new_token() -> str:
    return "$101$" + secrets.token_urlsafe(48)


def _check_secret(_options: DriveOptions, attribute: attrs.Attribute[str], value: str) -> None:
    if not _BASE64URL.fullmatch(value) or len(value) % 4 == 1:
        msg = f"{attribute.name} must be base64url without padding"
        raise ValueError(msg)


class Generation(StrEnum):
    """
    Which Marketplace API a client is to use; the server has both.
    """

    #: The one of today.
    CURRENT = "current"
    #: The one before, with a token that never changes.
    LEGACY = "legacy"


@attrs.frozen(kw_only=True)
class AccessKey:
    """
    What a caller signs tokens with.
    """

    #: Whose key it is.
    developer_id: str
    #: Which key it is.
    key_id: str
    #: Its secret as the portal shows it: base64url without padding.
    signing_secret: str = attrs.field(repr=False)


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

        page_size:
            The most businesses or stores that one page lists.

        paging:
            How pages follow each other: orderly, stuck, endless or repeats.

        address_objects:
            Whether proposed addresses are objects instead of texts.

        proof_life:
            Simulated seconds that the link to a proof lives; no end when absent.

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

        marketplace:
            Which Marketplace API credentials are told for, current or legacy; it serves both.

        marketplace_developer_id:
            Whose access key for the Marketplace it is; a new one when not given.

        marketplace_key_id:
            The id of the access key for the Marketplace; a new one when not given.

        marketplace_signing_secret:
            The signing secret for the Marketplace: base64url without padding.

        marketplace_token:
            The token of the legacy Marketplace API; a new one when not given.

        marketplace_provider_type:
            What DoorDash calls the integration; it begins the User-Agent header.

        marketplace_largest_batch:
            Items in one request before 413, no limit when absent; the carrier's is not documented.

        marketplace_stores:
            The stores there are; two good ones and one for each trouble when not given.

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
    # "page size 100" and "max length 25" stand in one specification.
    page_size: int = attrs.field(default=25, validator=attrs.validators.ge(1))
    paging: Paging = attrs.field(default=Paging.ORDERLY, converter=Paging)
    address_objects: bool = False
    proof_life: float | None = None
    webhook_url: str | None = attrs.field(default=None, repr=False)
    webhook_authorization: str = attrs.field(factory=_new_authorization, repr=False)
    webhook_enroute: bool = False
    webhook_older_fields: bool = False
    # The carrier's is not documented; how often it tries is.
    webhook_pause: float = 30.0
    webhook_shuffle: int | None = None
    webhook_repeat: int = 1
    webhook_foreign: bool = False
    marketplace: Generation = attrs.field(default=Generation.CURRENT, converter=Generation)
    marketplace_developer_id: str = attrs.field(factory=_new_id)
    marketplace_key_id: str = attrs.field(factory=_new_id)
    marketplace_signing_secret: str = attrs.field(
        factory=_new_secret, repr=False, validator=_check_secret
    )
    marketplace_token: str = attrs.field(factory=_new_token, repr=False)
    marketplace_provider_type: str = "doorstep"
    marketplace_largest_batch: int | None = None
    marketplace_stores: tuple[MarketplaceStore, ...] = attrs.field(
        factory=default_stores, repr=False
    )
    real_time: Callable[[], float] = time.time

    def drive_key(self) -> AccessKey:
        """
        Return the access key for Drive.
        """
        return AccessKey(
            developer_id=self.developer_id,
            key_id=self.key_id,
            signing_secret=self.signing_secret,
        )

    def marketplace_key(self) -> AccessKey:
        """
        Return the access key for the Marketplace, another one than Drive's.
        """
        return AccessKey(
            developer_id=self.marketplace_developer_id,
            key_id=self.marketplace_key_id,
            signing_secret=self.marketplace_signing_secret,
        )

    def marketplace_credentials(self, base_url: str) -> dict[str, str]:
        """
        Return what a client of the Marketplace needs, for the generation that is told of.

        Args:
            base_url:
                Where the server is.
        """
        told = {"marketplace_provider_type": self.marketplace_provider_type}
        if self.marketplace is Generation.LEGACY:
            return {
                **told,
                "marketplace_url": base_url,
                "marketplace_token": self.marketplace_token,
            }
        return {
            **told,
            "marketplace_url": f"{base_url}/marketplace",
            "marketplace_developer_id": self.marketplace_developer_id,
            "marketplace_key_id": self.marketplace_key_id,
            "marketplace_signing_secret": self.marketplace_signing_secret,
        }

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
