"""
A shop that changes its stores and stock, over either generation of the Marketplace.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import urllib3

CURRENT = {
    "status": ("PUT", "status"),
    "items": ("PUT", "items/status"),
    "options": ("PUT", "item_options/status"),
    "details": ("GET", "store_details"),
    "menus": ("GET", "menu_details"),
    "menu": ("GET", "store_menu"),
    "item": ("GET", "item/availability"),
    "option": ("GET", "item_option/availability"),
}
LEGACY = {
    "status": ("PUT", "activation-status"),
    "items": ("PUT", "item/activation-status"),
    "options": ("PUT", "item_option/activation-status"),
    "details": ("GET", ""),
    "menus": ("GET", "menu_details"),
    "menu": ("GET", "store_menu"),
}


class Shop:
    """
    Somebody with the credentials of one generation.
    """

    def __init__(self, drive, caller, *, legacy):
        self._drive = drive
        self._caller = caller
        self._pool = urllib3.PoolManager(timeout=2, retries=False)
        self.legacy = legacy

    def headers(self, **claims):
        """
        Return good headers, but for the *claims*.
        """
        if self.legacy:
            return {"authorization": f"Bearer {self._drive.options.marketplace_token}"}
        key = self._drive.options.marketplace_key()
        token = self._caller.token(
            key=base64.urlsafe_b64decode(key.signing_secret + "="),
            **{"iss": key.developer_id, "kid": key.key_id, **claims},
        )
        return {
            "Authorization": f"Bearer {token}",
            "auth-version": "v2",
            "User-Agent": f"{self._drive.options.marketplace_provider_type}/1.0",
        }

    def __call__(self, operation: str, store: str, body: Any = None, headers=None, query=""):
        """
        Send one request; bytes go out as they are, anything else as JSON.
        """
        method, tail = (LEGACY if self.legacy else CURRENT)[operation]
        prefix = "" if self.legacy else "/marketplace"
        path = f"{prefix}/api/v1/stores/{store}/{tail}".rstrip("/")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        answer = self._pool.request(
            method,
            f"{self._drive.base_url}{path}{query}",
            body=body,
            headers=self.headers() if headers is None else headers,
        )
        return answer.status, answer.json() if answer.data else None

    def switch(self, kind, store, **states):
        """
        Change what is in stock; underscores stand for hyphens.
        """
        wishes = {name.replace("_", "-"): is_active for name, is_active in states.items()}
        return self(kind, store, [_entry(*one) for one in wishes.items()])

    def close(self):
        """
        Close the connections.
        """
        self._pool.clear()


def _entry(id_, is_active):
    return {"merchant_supplied_id": id_, "is_active": is_active}


def _shop(drive, call, *, legacy):
    shop = Shop(drive, call, legacy=legacy)
    yield shop
    shop.close()


@pytest.fixture(name="current")
def _current(drive, call):
    yield from _shop(drive, call, legacy=False)


@pytest.fixture(name="legacy")
def _legacy(drive, call):
    yield from _shop(drive, call, legacy=True)


@pytest.fixture(name="shop", params=["current", "legacy"])
def _either(request):
    """
    Either generation.
    """
    return request.getfixturevalue(request.param)
