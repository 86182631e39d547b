"""
The search for canaries finds them in every disguise, and nothing else.
"""

from __future__ import annotations

import base64
import json
import pickle
from urllib.parse import quote, quote_plus

import attrs
import pytest

from doorstep.secret import Secret
from doorstep_contracts.canary import (
    Canaries,
    Hit,
    reachable,
    shown_by_error,
    shown_by_frames,
    shown_by_value,
)

CANARIES = Canaries(
    secret="kQ+3/xYz9_Q~kLmN0 pRsTuVw",
    phone="+15550107734",
    name=("Kzvqmíra", "Xjwylund"),
    tracking="https://track.example/d/Zq9?x=1&y=ü",
)
DISGUISES = {
    "plain": str,
    "upper": str.upper,
    "percent": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "twice": lambda text: quote(quote(text, safe=""), safe=""),
    "json": json.dumps,
    "json in json": lambda text: json.dumps(json.dumps([text])),
    "escaped slashes": lambda text: json.dumps(text).replace("/", "\\/"),
    "repr": repr,
    "repr of bytes": lambda text: repr(text.encode()),
    "hex": lambda text: text.encode().hex(),
    "hex with colons": lambda text: text.encode().hex(":").upper(),
    "reversed": lambda text: text[::-1],
    "utf-8": str.encode,
    "utf-16": lambda text: text.encode("utf-16"),
    "pickle": pickle.dumps,
}


def names(hits):
    return {hit.canary for hit in hits}


@pytest.mark.parametrize("name", CANARIES.names)
@pytest.mark.parametrize("disguise", DISGUISES)
def test_disguised_canary_is_found(disguise, name) -> None:
    """
    However a value was escaped or encoded on its way, and whatever stands around it.
    """
    shown = DISGUISES[disguise](CANARIES.reveal(name).split(" ")[0])
    around = b"<%b>" % shown if isinstance(shown, bytes) else f"[{shown}]"
    found = Canaries(**{name: CANARIES.reveal(name).split(" ")[0]}).search(around, "a log")

    assert {name} == names(found)
    assert {"a log"} == {hit.where for hit in found}


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_canary_in_base64_is_found_wherever_it_begins(encode, before, after) -> None:
    """
    Base64 looks different for each of three positions; a token holds its claims so.
    """
    for name in CANARIES.names:
        encoded = encode(b"a" * before + CANARIES.reveal(name).encode() + b"z" * after)

        assert name in names(CANARIES.search(encoded))


@pytest.mark.parametrize(
    "written", ["15550107734", "555 010-7734", "(1) 555/010.7734", "tel 010-7734", "+1-555-0107734"]
)
def test_phone_is_found_however_people_write_it(written) -> None:
    """
    Without its plus, without its country, with what people put between digits.
    """
    assert {"phone"} == names(CANARIES.search(f"call {written} now"))


@pytest.mark.parametrize("part", ["Kzvqmíra", "xjwylund", "Kzvqmi\u0301ra"])
def test_part_of_a_name_is_found(part) -> None:
    """
    Each part of a name is a canary, in every case and normal form.
    """
    assert {"name"} == names(CANARIES.search(f"Dear {part},"))


@pytest.mark.parametrize(
    "clean", ["", b"", "all is well" * 99, "0123456789" * 20, bytes(range(256)), "<Secret>"]
)
def test_nothing_is_found_in_what_is_clean(clean) -> None:
    """
    A report without a leak is empty.
    """
    assert [] == CANARIES.search(clean)


def test_hit_and_canaries_do_not_tell_the_value() -> None:
    """
    A failing test prints where, which and how, not what.
    """
    hits = CANARIES.search_all([("first", CANARIES.reveal("phone")), ("last", "")], "log")
    told = repr([*hits, CANARIES, CANARIES | Canaries(pin="99887766")])

    assert Hit("phone", "plain", "log first") in hits
    assert "pin" in told
    assert [] == CANARIES.search(told)


@attrs.frozen
class Plain:
    key: str


@attrs.frozen
class Unprinted:
    key: str = attrs.field(repr=False)


class Slotted:
    __slots__ = ("__key",)

    def __init__(self, key) -> None:
        self.__key = [{"deep": key}]


def test_value_that_prints_a_canary_is_caught() -> None:
    """
    By its texts alone, without a look inside.
    """
    secret = CANARIES.reveal("secret")

    assert CANARIES.search_all(shown_by_value(Plain(secret), inside=False))
    assert not CANARIES.search_all(shown_by_value(Unprinted(secret), inside=False))


@pytest.mark.parametrize("kind", [Plain, Unprinted, Slotted])
def test_value_that_holds_a_canary_is_caught(kind) -> None:
    """
    A field that is kept out of the repr still comes out by asdict, pickle and attributes.
    """
    assert CANARIES.search_all(shown_by_value(kind(CANARIES.reveal("secret"))))


def test_secret_that_is_held_as_one_is_no_leak() -> None:
    """
    A ``Secret`` is the place for a secret.
    """
    held = [Plain(Secret(CANARIES.reveal("secret")))]

    assert [] == CANARIES.search_all(shown_by_value(held))
    assert [] == CANARIES.search_all(reachable(held))


def failing(where, text):
    """
    Raise an error that holds *text* in one place alone.
    """
    error = ValueError(text if where == "args" else "x")
    if where == "note":
        error.add_note(text)
    elif where == "attribute":
        error.key = text
    elif where == "cause":
        error.__cause__ = KeyError(text)
    elif where == "context":
        error.__context__ = KeyError(text)
    elif where == "group":
        error = ExceptionGroup("x", [KeyError(text)])
    raise error


@pytest.mark.parametrize("where", ["args", "note", "attribute", "cause", "context", "group"])
def test_error_that_holds_a_canary_is_caught(where) -> None:
    """
    In its text, arguments, notes, attributes, and in whatever hangs on it.
    """
    for name in CANARIES.names:
        with pytest.raises((ValueError, ExceptionGroup)) as caught:
            failing(where, CANARIES.reveal(name))

        assert name in names(CANARIES.search_all(shown_by_error(caught.value, frames=False)))


@pytest.mark.parametrize("wrap", [str, lambda text: [text], lambda text: {"a": {"b": (text,)}}])
def test_frame_that_holds_a_canary_is_caught(wrap) -> None:
    """
    A local variable comes out with the traceback, alone or inside of something.
    """

    def frame(kept):
        raise ValueError(len(kept))

    with pytest.raises(ValueError) as caught:
        frame(wrap(CANARIES.reveal("secret")))
    ways = {hit.where for hit in CANARIES.search_all(shown_by_frames(caught.value))}

    assert any("traceback" in way for way in ways)
    assert any("kept" in way for way in ways)


def test_mapping_with_a_quiet_repr_is_opened() -> None:
    """
    Crash reporters open mappings of every kind, whatever their repr says.
    """
    from types import MappingProxyType

    class Quiet(dict):
        def __repr__(self) -> str:
            return "<quiet>"

    for kind in (Quiet, MappingProxyType):
        kept = kind({"key": CANARIES.reveal("secret")})
        with pytest.raises(ValueError) as caught:
            raise ValueError(len(kept))

        assert CANARIES.search_all(shown_by_frames(caught.value))
