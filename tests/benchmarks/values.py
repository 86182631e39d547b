"""
Figures 3 to 6: bytes to values and back, and the signature.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from datetime import UTC, datetime
from types import UnionType
from typing import Any

import attrs
from measure import Row, Run, in_turns, installed, row
from sample import BODY, DELIVERED, DELIVERY, KEYS, REQUEST

from doorstep.codec import Int32, decode, encode
from doorstep.http import Call, Request, Response, Session, path
from doorstep.secret import Secret
from doorstep_doordash._auth import mint
from doorstep_doordash._mapping import read, to_delivery
from doorstep_doordash._provider import DoorDashProvider
from doorstep_doordash._requests import to_body
from doorstep_doordash._settings import DoorDashSettings
from doorstep_doordash._wire import Answer, Body

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def decoding(run: Run) -> list[Row]:
    """
    Measure bytes to wire class, with everything that it does not know kept.
    """
    msgspec = installed("msgspec")
    theirs = None
    if msgspec is not None:
        decoder = msgspec.json.Decoder(twin(Answer, _struct(msgspec)))
        theirs = lambda: decoder.decode(DELIVERED)  # noqa: E731
    timing = in_turns(lambda: decode(DELIVERED, Answer), theirs, run)
    return [row("bytes to wire class", "µs", timing, "msgspec Struct")]


def mapping(run: Run) -> list[Row]:
    """
    Measure bytes to a neutral delivery.
    """
    pydantic = installed("pydantic")
    theirs = None
    if pydantic is not None:
        model = twin(Answer, _model(pydantic))
        theirs = lambda: model.model_validate_json(DELIVERED)  # noqa: E731
    response = Response(status=200, body=DELIVERED, sent_at=NOW, received_at=NOW)

    def ours() -> object:
        answer, raw = read(response, DELIVERY)
        return to_delivery(answer, raw, "default", NOW)

    return [row("bytes to Delivery", "µs", in_turns(ours, theirs, run), "pydantic v2, own model")]


def encoding(run: Run) -> list[Row]:
    """
    Measure a neutral request to bytes.
    """
    pydantic = installed("pydantic")
    theirs = None
    if pydantic is not None:
        value = twin(Body, _model(pydantic)).model_validate(BODY)
        theirs = lambda: value.model_dump_json(exclude_none=True)  # noqa: E731
    timing = in_turns(lambda: encode(to_body(REQUEST, None)), theirs, run)
    body = to_body(REQUEST, None)
    wire, _ = in_turns(lambda: encode(body), None, run)
    note = f"of it wire class to bytes {wire * 1e6:.1f} µs; the rest checks the request"
    return [row("request to bytes", "µs", timing, "pydantic v2 dump", note=note)]


def signature(run: Run) -> list[Row]:
    """
    Measure getting the token that is there already, beside minting one.
    """
    keys = {**KEYS, "signing_secret": Secret(KEYS["signing_secret"])}
    provider = DoorDashProvider("default", DoorDashSettings(**keys))
    session = Session(provider, transport=None)  # type: ignore[arg-type]
    call = Call("track")
    secret = keys["signing_secret"]

    def fetch(_: object) -> Any:
        return mint(KEYS["developer_id"], KEYS["key_id"], secret, datetime.now(UTC))

    grants = session.grants
    timing = in_turns(lambda: grants.get(call, fetch), lambda: fetch(None), run)
    request = Request("GET", path("/deliveries/{id}", id=DELIVERY))
    grant = grants.get(call, fetch)
    sign, _ = in_turns(lambda: provider.sign(request, NOW, grant), None, run)
    note = f"putting it on the request {sign * 1e6:.1f} µs"
    return [row("cached signature", "µs", timing, "minting it each time", note=note)]


def twin(kind: type, build: Callable[[str, dict[str, Any]], type]) -> type[Any]:
    """
    Return the class that another library would have for the same JSON.
    """
    hints = typing.get_type_hints(kind)
    fields = {
        field.name: (_their(hints[field.name], build), field.default)
        for field in attrs.fields(kind)
    }
    return build(kind.__name__, fields)


def _their(hint: Any, build: Callable[[str, dict[str, Any]], type]) -> Any:
    if hint is Int32:
        return int
    if attrs.has(hint):
        return twin(hint, build)
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if not arguments:
        return hint
    members = tuple(one if one is ... else _their(one, build) for one in arguments)
    if origin in (typing.Union, UnionType):
        return typing.Union[members]  # noqa: UP007  built
    return origin[members]


def _struct(msgspec: Any) -> Callable[[str, dict[str, Any]], type]:
    def build(name: str, fields: dict[str, Any]) -> type:
        told = [
            (field, hint) if default is attrs.NOTHING else (field, hint, default)
            for field, (hint, default) in fields.items()
        ]
        made: type = msgspec.defstruct(name, told, frozen=True, kw_only=True)
        return made

    return build


def _model(pydantic: Any) -> Callable[[str, dict[str, Any]], type]:
    def build(name: str, fields: dict[str, Any]) -> type:
        told = {
            field: (hint, ... if default is attrs.NOTHING else default)
            for field, (hint, default) in fields.items()
        }
        made: type = pydantic.create_model(
            name, __config__=pydantic.ConfigDict(extra="allow"), **told
        )
        return made

    return build
