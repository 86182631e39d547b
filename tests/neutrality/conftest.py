"""
The carrier's modules by their names, a runner for its flows, and its recordings.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest

from doorstep.http import Flow, Request, Response
from doorstep.secret import Secret

HERE = Path(__file__).parent
T = TypeVar("T")


def _load(name: str) -> Any:
    """
    Import a module of this folder, which is no package, as the tests name it.
    """
    full = f"tests.neutrality.{name}"
    spec = spec_from_file_location(full, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[full] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


for _name in ("samples", "wire", "refusals", "mapping", "provider"):
    _load(_name)


@pytest.fixture(name="recording")
def _recording() -> Callable[[str], dict[str, Any]]:
    """
    Return a function that reads a recording.
    """
    return lambda name: json.loads((HERE / "recordings" / f"{name}.json").read_text())


@pytest.fixture(name="replay")
def _replay(recording) -> Callable[..., tuple[Any, list[Request]]]:
    """
    Return a function that drives a flow with recordings, or (status, body) pairs.
    """
    from tests.neutrality.samples import NOW

    def response(one: Any) -> Response:
        told = recording(one)["response"] if isinstance(one, str) else None
        status, body = one if told is None else (told["status"], told["body"])
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        return Response(status=status, body=content, sent_at=NOW, received_at=NOW)

    def run(flow: Flow[T], *answers: str | tuple[int, Any]) -> tuple[T, list[Request]]:
        requests = []
        try:
            request = next(flow)
            for one in answers:
                requests.append(request)
                request = flow.send(response(one))
        except StopIteration as end:
            assert len(answers) == len(requests)
            return end.value, requests
        raise AssertionError(f"the flow asks for more: {request}")

    return run


@pytest.fixture(name="rider")
def _rider() -> Any:
    """
    Return an account in a country that allows changes.
    """
    return sys.modules["tests.neutrality.provider"].OnDemandRider(
        account="sg",
        base_url="https://pandago-api-sandbox.deliveryhero.io/sg/api/v1",
        currency="SGD",
        assertion=Secret("assertion"),
    )
