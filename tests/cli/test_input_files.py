"""
Files of any size, any editor and any depth: read, or refused by the option.
"""

from __future__ import annotations

import json
import tracemalloc
import types
from pathlib import Path

import pytest
from tests.cli.samples import PLAIN, REQUEST

from doorstep import from_json, to_json
from doorstep.cli._inputs import RequestOptions
from doorstep.errors import ValidationError
from doorstep.models import DeliveryRequest


@pytest.mark.parametrize("size", [4 * 1024 * 1024 + 1, 100 * 1024 * 1024])
def test_f109_file_that_is_too_large_is_refused_and_not_read(tmp_path, size):
    """
    A file of a hundred megabytes is told to be too large; no more than four are read.
    """
    path = tmp_path / "export.json"
    with path.open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    try:
        with pytest.raises(ValidationError, match="--request is larger than 4 MiB"):
            RequestOptions(request=path).read()
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert most < 10 * 1024 * 1024


def test_f109_endless_input_is_refused(monkeypatch):
    """
    What never ends on stdin is refused after four megabytes.
    """
    with Path("/dev/zero").open("rb") as endless:
        monkeypatch.setattr("sys.stdin", types.SimpleNamespace(buffer=endless))
        with pytest.raises(ValidationError, match="--request is larger than 4 MiB"):
            RequestOptions(request=Path("-")).read()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("content", [json.loads(to_json(REQUEST)), PLAIN], ids=["own", "plain"])
def test_f109_file_of_any_editor_is_read(tmp_path, content, end, mark):
    """
    A byte order mark and Windows line ends around the values change nothing.
    """
    path = tmp_path / "value.json"
    path.write_bytes(mark + json.dumps(content, indent=2).replace("\n", end).encode())

    assert REQUEST == RequestOptions(request=path).read()


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(PLAIN).encode("utf-16"),
        json.dumps(PLAIN).encode("utf-8-sig")[1:],
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        json.dumps(PLAIN | {"reference": "caf\u00e9"}, ensure_ascii=False).encode("latin-1"),
        b'{"reference": "\\ud800"}',
        b'{"reference": "a\r\nb"}',
        b'{"reference": "a\x00b"}',
        b"NaN",
        b"",
    ],
    ids=[
        "utf-16",
        "half a mark",
        "two marks",
        "latin-1",
        "surrogate",
        "crlf",
        "nul",
        "nan",
        "empty",
    ],
)
def test_f109_file_that_is_no_utf_8_json_is_refused(tmp_path, content):
    """
    Another encoding, raw line ends within a text, or no JSON at all: refused by the option.
    """
    path = tmp_path / "value.json"
    path.write_bytes(content)

    with pytest.raises(ValidationError, match="--request is not JSON in UTF-8"):
        RequestOptions(request=path).read()


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [101, 250, 500, 100_000])
def test_f109_deep_file_is_refused(tmp_path, opening, depth):
    """
    Nesting without end is refused, and exhausts nothing.
    """
    path = tmp_path / "value.json"
    closing = {"[": "]", '{"a":': "}"}[opening]
    path.write_text(opening * depth + "1" + closing * depth)

    with pytest.raises(ValidationError, match=r"--request is (nested more than 100 deep|not JSON)"):
        RequestOptions(request=path).read()


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)"])
def test_f109_formula_is_text(file, cell):
    """
    Requests are JSON and nothing is exported as CSV: what a spreadsheet would compute is
    text, and comes out as it went in.
    """
    plain = {**PLAIN, "dropoff": {**PLAIN["dropoff"], "instructions": cell}}
    read = RequestOptions(request=file(plain)).read()

    assert cell == read.dropoff.instructions
    assert read == from_json(to_json(read), DeliveryRequest)
