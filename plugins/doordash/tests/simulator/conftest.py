"""
A Drive account with a clock that stands, and a caller who signs with PyJWT.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import jwt
import pytest
import urllib3

from doorstep_doordash.simulator import DriveOptions, DriveServer

START = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
REAL_TIME = 1_800_000_000.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Judge the simulator once: every other environment uses it all the time.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.once)


class Answer(NamedTuple):
    """
    What Drive said.
    """

    status: int
    body: Any
    headers: Any


class Caller:
    """
    Somebody with an access key.
    """

    def __init__(self, drive: DriveServer) -> None:
        self._drive = drive
        self._pool = urllib3.PoolManager(timeout=2, retries=False)

    def token(
        self, header: dict[str, Any] | None = None, key: bytes | None = None, **claims: Any
    ) -> str:
        """
        Return a good token, but for what is changed; None leaves a part out.
        """
        credentials = self._drive.credentials()
        now = int(REAL_TIME)
        payload = {
            "aud": "doordash",
            "iss": credentials["developer_id"],
            "kid": credentials["key_id"],
            "iat": now,
            "exp": now + 300,
            **claims,
        }
        return _sign(
            {"alg": "HS256", "typ": "JWT", "dd-ver": "DD-JWT-V1", **(header or {})},
            {name: value for name, value in payload.items() if value is not None},
            key or base64.urlsafe_b64decode(credentials["signing_secret"] + "="),
        )

    def __call__(
        self, method: str, path: str, body: Any = None, *, authorization: str | None = None
    ) -> Answer:
        """
        Send one request; bytes go out as they are, anything else as JSON.
        """
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        answer = self._pool.request(
            method,
            self._drive.base_url + path,
            body=body,
            headers={
                "Authorization": authorization or f"Bearer {self.token()}",
                "Content-Type": "application/json",
            },
        )
        return Answer(answer.status, answer.json() if answer.data else None, answer.headers)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._pool.clear()


def _sign(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    kept = {name: value for name, value in header.items() if value is not None}
    # PyJWT adds "typ" and refuses string times by itself; its JWS part does neither.
    return jwt.PyJWS().encode(
        json.dumps(claims).encode(),
        key,
        algorithm=kept.pop("alg"),
        headers={"typ": None, **kept},
    )


@pytest.fixture(name="options")
def _options() -> DriveOptions:
    return DriveOptions(speed=0, start=START, real_time=lambda: REAL_TIME)


@pytest.fixture(name="drive")
def _drive(options: DriveOptions) -> Iterator[DriveServer]:
    with DriveServer(options) as drive:
        yield drive


@pytest.fixture(name="call")
def _call(drive: DriveServer) -> Iterator[Caller]:
    caller = Caller(drive)
    yield caller
    caller.close()


@pytest.fixture(name="request_body")
def _request_body() -> Callable[..., dict[str, Any]]:
    """
    Make a body for quote and create; None leaves a field out.
    """

    def make(delivery: str = "D-1", **changes: Any) -> dict[str, Any]:
        body = {
            "external_delivery_id": delivery,
            "pickup_address": "901 Market Street 6th Floor San Francisco, CA 94103",
            "pickup_phone_number": "+1(650)5555555",
            "dropoff_address": "1 Hackathon Way, San Francisco, CA 94105",
            "dropoff_phone_number": "+16505555555",
            "order_value": 1999,
            "tip": 599,
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    return make


@pytest.fixture(name="book")
def _book(call: Caller, request_body: Callable[..., dict[str, Any]]) -> Callable[..., Answer]:
    """
    Create a delivery that must succeed.
    """

    def book(delivery: str = "D-1", **changes: Any) -> Answer:
        answer = call("POST", "/drive/v2/deliveries", request_body(delivery, **changes))
        assert answer.status == 200, answer.body
        return answer

    return book
