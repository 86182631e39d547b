"""
One delivery recorded against a Drive server, with canaries wherever something can stand.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest

import doorstep
from doorstep.http import HttpPool
from doorstep.models import Address, Contact, DeliveryRequest, Item, Money, Stop
from doorstep.secret import Secret
from doorstep_contracts.canary import Canaries
from doorstep_contracts.recordings import LIFE, Life, Redactor, load_folder, problems, write
from doorstep_doordash._provider import DoorDashProvider
from doorstep_doordash._settings import DoorDashSettings
from doorstep_doordash.simulator import DriveServer

PERSONAL = Canaries(
    phone="+12065559138",
    courier_phone="+12065559147",
    name=("Kzvqmira", "Xjwylund"),
    courier="Wqzbram Yvktorp",
    business="Qwzhx Burritos",
    street="7741 Vlkzqx Lane",
    instructions="ring at Bqzwkx twice",
    item="Zkvbx special",
    item_id="sku-88120-zq",
    email="vqkxz.ada@mail.invalid",
    link="https://follow.invalid/Jqvkz55180",
    pin="9081726",
    place="47.6080137",
    reference="wish-70917-xqk",
)
SECRETS = Canaries(
    cookie="session=qXvZ81kPwLmB33",
    token="Bearer zQx81-vLkPw-77aQ",
    api_key="key_71mVqZx0Lk2",
    request_id="req-90ab-Vqxz",
)


class Leaky:
    """
    A carrier that puts canaries into headers and into fields that nobody described.
    """

    def __init__(self) -> None:
        self._pool = HttpPool()
        self.raw: list[str] = []

    def send(self, request: Any, base_url: str, call: Any) -> Any:
        """
        Send *request*, and add to the answer; keep all of it, as it was.
        """
        answer = self._pool.send(request, base_url, call)
        body = {**json.loads(answer.body), **self.personal()}
        headers = {
            **answer.headers,
            "set-cookie": SECRETS.reveal("cookie"),
            "authorization": SECRETS.reveal("token"),
            "x-api-key": SECRETS.reveal("api_key"),
            "x-request-id": SECRETS.reveal("request_id"),
            "x-courier": PERSONAL.reveal("courier"),
        }
        changed = attrs.evolve(answer, headers=headers, body=json.dumps(body).encode())
        sent = [*request.headers.items(), request.target, (request.body or b"").decode()]
        self.raw.append(f"{sent} {headers} {body}")
        return changed

    @staticmethod
    def personal() -> dict[str, Any]:
        """
        Fields of the carrier, and others, with canaries.
        """
        return {
            "dasher_id": 9081726,
            "dasher_name": PERSONAL.reveal("courier"),
            "dasher_dropoff_phone_number": PERSONAL.reveal("courier_phone"),
            "dasher_location": {"lat": 47.6080137, "lng": -122.3},
            "dropoff_pin_code_verification_metadata": {
                "pin_code_type": "random_number",
                "pin_code_value": PERSONAL.reveal("pin"),
            },
            "tracking_url": PERSONAL.reveal("link"),
            "support_reference": SECRETS.reveal("request_id"),
            "unheard_of": [{"mail": PERSONAL.reveal("email"), "key": SECRETS.reveal("api_key")}],
            "by_phone": {PERSONAL.reveal("phone"): {"name": PERSONAL.reveal("name")}},
            "note": f"call {PERSONAL.reveal('phone')} or {PERSONAL.reveal('name')}",
            # Public fields are kept, but not what was told elsewhere in private.
            "reason": f"see {PERSONAL.reveal('reference')}",
        }

    def close(self) -> None:
        """
        Let go of the connections.
        """
        self._pool.close()


def wish() -> DeliveryRequest:
    """
    Return a request with a canary in each field.
    """
    given, family = PERSONAL._values["name"]
    address = Address(one_line=f"{PERSONAL.reveal('street')}, Seattle, WA 98101")
    item = Item(
        name=PERSONAL.reveal("item"),
        external_id=PERSONAL.reveal("item_id"),
        unit_price=Money(2000, "USD"),
    )
    return DeliveryRequest(
        reference=PERSONAL.reveal("reference"),
        pickup=Stop(
            address=address,
            contact=Contact(
                business=PERSONAL.reveal("business"), phone=PERSONAL.reveal("courier_phone")
            ),
        ),
        dropoffs=Stop(
            address=address,
            contact=Contact(given=given, family=family, phone=PERSONAL.reveal("phone")),
            instructions=PERSONAL.reveal("instructions"),
            items=[item],
        ),
        order_value=Money(2000, "USD"),
    )


@pytest.fixture(name="provider")
def _provider(drive: DriveServer) -> DoorDashProvider:
    given = drive.credentials()
    settings = DoorDashSettings(
        developer_id=str(given["developer_id"]),
        key_id=str(given["key_id"]),
        signing_secret=Secret(str(given["signing_secret"])),
        base_url=drive.base_url,
    )
    return DoorDashProvider("default", settings)


@pytest.fixture(name="leaky")
def _leaky() -> Leaky:
    return Leaky()


@pytest.fixture(name="life")
def _life(provider: DoorDashProvider, leaky: Leaky) -> Life:
    hide = (str(provider.settings.developer_id), provider.settings.signing_secret.reveal())
    redactor = Redactor(provider, hide=hide, rng=random.Random(113))
    return Life(
        provider=provider, transport=leaky, request=wish(), redactor=redactor, source="a server"
    )


@pytest.fixture(name="folder")
def _folder(life: Life, tmp_path: Path) -> Path:
    for one in life.record():
        write(one, tmp_path)
    return tmp_path


def test_f113_recorded_life_holds_nothing_private(
    folder: Path, leaky: Leaky, provider: DoorDashProvider, life: Life
) -> None:
    """
    Canaries in every field, in headers and in settings of a delivery's whole life: none is
    in a recording of it, in whatever disguise, and all are found in what really passed.
    """
    account = Canaries(secret=provider.settings.signing_secret.reveal())
    everything = PERSONAL | SECRETS
    hits = [
        hit
        for path in folder.iterdir()
        for hit in (everything | account).search(path.read_bytes(), path.name)
    ]
    passed = {hit.canary for text in leaky.raw for hit in everything.search(text)}

    assert [] == life.skipped
    assert [f"{name}_synthetic.json" for name in sorted(LIFE)] == sorted(
        path.name for path in folder.iterdir()
    )
    assert [] == hits
    assert set(everything.names) == passed


def test_f113_canary_that_is_planted_in_a_recording_is_found(folder: Path) -> None:
    """
    The search finds what it looks for: each canary, put into each file, is found.
    """
    everything = PERSONAL | SECRETS
    for path in folder.iterdir():
        told = json.loads(path.read_text())
        for name in everything.names:
            planted = json.dumps({**told, "note": everything.reveal(name)})

            assert {name} <= {hit.canary for hit in everything.search(planted)}


def test_recorded_life_replays(folder: Path, provider: DoorDashProvider) -> None:
    """
    With its stand-ins every recording is read as before, and asks for the same.
    """
    recorded = load_folder(folder)

    assert set(recorded) == {f"{name}_synthetic" for name in LIFE}
    assert [] == [line for one in recorded.values() for line in problems(one, provider)]
    assert "synthetic" == recorded["quote_synthetic"].origin
    assert [None] * len(LIFE) == [one.expected and one.expected.error for one in recorded.values()]
    stand_in = (recorded["track_synthetic"].arguments or {})["delivery"]
    assert (recorded["cancel_synthetic"].arguments or {})["delivery"] == stand_in


def test_command_records_and_leaves_no_courier(drive: DriveServer, tmp_path: Path) -> None:
    """
    ``doorstep record`` asks before it books, writes each file once, calls a server on this
    machine no sandbox, and cancels what it dispatched.
    """
    request = tmp_path / "request.json"
    request.write_text(doorstep.to_json(wish()))
    own = {
        f"DOORSTEP_DOORDASH_{name.upper()}": str(value)
        for name, value in drive.credentials().items()
        if isinstance(value, str)
    }
    kept = {name: value for name, value in os.environ.items() if "DOORSTEP" not in name}

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        words = ["record", "doordash", "--request", str(request), "--out", str(tmp_path / "out")]
        return subprocess.run(
            [sys.executable, "-m", "doorstep.cli", *words, *more],
            env={**kept, **own},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    refused = run()
    done = run("--yes", "--operations", "quote", "dispatch")
    again = run("--yes", "--operations", "quote")

    assert (2, True) == (refused.returncode, "--yes is needed" in refused.stderr)
    assert (0, True) == (done.returncode, "is this machine" in done.stderr), done.stderr
    assert ["dispatch_synthetic", "quote_synthetic"] == sorted(load_folder(tmp_path / "out"))
    assert (2, True) == (again.returncode, "already" in again.stderr)
    assert [False] == [one["live"] for one in drive.books()]
