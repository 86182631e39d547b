"""
The format of recordings: read strictly, and written as it is read.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from doorstep.codec import to_json
from doorstep.models import Delivery, DeliveryId, Status
from doorstep_contracts.recordings import RecordingError, dumps, load, load_folder, read, write

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
DELIVERY = Delivery(id=DeliveryId("fake", "default", "d1"), status=Status.PENDING, as_of=AT)
LEAN = {
    "id": "fake/default/d1",
    "revision": 1,
    "status": "pending",
    "as_of": "2026-01-01T12:00:00Z",
}


def tracked(**changes: Any) -> dict[str, Any]:
    """
    Return a recording of a read; *changes* of ``...`` are left out.
    """
    told = {
        "origin": "synthetic",
        "source": "this test",
        "date": None,
        "api_version": None,
        "note": None,
        "operation": "track",
        "arguments": {"delivery": "fake/default/d1"},
        "request": {"method": "GET", "path": "/deliveries/d1"},
        "response": {"status": 200, "body": json.loads(to_json(DELIVERY))},
        "expected": {"value": LEAN},
        **changes,
    }
    return {key: value for key, value in told.items() if value is not ...}


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"origin": "recorded"}, "$.origin", "must be one of sandbox, documentation, synthetic"),
        ({"origin": ...}, "$.origin", "is missing"),
        ({"origin": "sandbox"}, "$.date", "is missing: real traffic has one"),
        ({"source": " "}, "$.source", "must be text that is not empty"),
        ({"date": "yesterday"}, "$.date", "must be a date, a month or a year"),
        ({"negtive": True}, "$.negtive", "is no key of the format"),
        ({"negative": 1}, "$.negative", "must be true or false"),
        ({"negative": True}, "$.expected", "must be an error or have never"),
        ({"operation": "trak"}, "$.operation", "is none of a provider's, nor receive"),
        ({"at": "2026-01-01"}, "$.at", "must be an RFC 3339 time with an offset"),
        ({"arguments": {}}, "$.arguments.delivery", "is missing"),
        ({"arguments": {"delivery": "x", "why": 1}}, "$.arguments.why", "is no key"),
        ({"arguments": None}, "$.note", "must say why there are no arguments"),
        ({"exchanges": []}, "$.exchanges", "stands beside request or response"),
        (
            {"request": ..., "response": ..., "exchanges": [], "expected": None},
            "$.exchanges",
            "are",
        ),
        ({"request": {"method": "GET", "path": "/x", "verb": 1}}, "$.request.verb", "is no key"),
        ({"response": {"body": {}}}, "$.response.status", "is missing"),
        ({"response": {"status": "200"}}, "$.response.status", "must be a status of HTTP"),
        ({"response": {"status": 200, "body": 1, "text": "1"}}, "$.response", "has both a body"),
        ({"expected": None}, "$.expected", "is missing: nobody knows what must come of it"),
        ({"expected": {}}, "$.expected", "must have one of value, error and events"),
        ({"expected": {"value": LEAN, "error": "x"}}, "$.expected", "must have one of"),
        ({"expected": {"value": LEAN, "booked": "created"}}, "$.expected", "has booked without"),
        ({"expected": {"error": "x", "booked": "maybe"}}, "$.expected.booked", "must be one of"),
        ({"expected": {"value": {**LEAN, "staus": 1}}}, "$.expected.value", "has keys that"),
        ({"expected": {"value": {**LEAN, "status": "x"}}}, "$.expected.value.status", "must be"),
        ({"expected": {"events": []}}, "$.expected.events", "are of webhooks alone"),
        ({"response": None}, "$.expected", "stands without an answer"),
        ({"origin": "sandbox", "date": "2026", "unlike": "x"}, "$.unlike", "is not for real"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_path(
    changes: dict[str, Any], path: str, rule: str
) -> None:
    """
    No key is ignored and nothing is guessed: file, path and rule are told.
    """
    with pytest.raises(RecordingError) as raised:
        read(tracked(**changes), "odd")

    assert path == raised.value.path
    assert raised.value.rule.startswith(rule)
    assert str(raised.value).startswith(f"odd.json: {path} ")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{", "is not JSON"),
        (
            '{"origin": "synthetic", "origin": "sandbox"}',
            "is not JSON: key 'origin' is given twice",
        ),
        ("[]", "must be an object"),
    ],
)
def test_file_that_is_no_recording_is_named(tmp_path: Path, text: str, rule: str) -> None:
    """
    A broken file is told by its name, a key given twice among it.
    """
    path = tmp_path / "broken.json"
    path.write_text(text)
    with pytest.raises(RecordingError, match=r"broken\.json") as raised:
        load(path)

    assert raised.value.rule.startswith(rule)


def test_folder_is_read_by_name(tmp_path: Path) -> None:
    """
    Every JSON is read, files of other kinds are left alone, an empty folder is a mistake.
    """
    with pytest.raises(RecordingError, match="without a recording"):
        load_folder(tmp_path)
    (tmp_path / "index.tsv").write_text("file\tkind\n")
    write(read(tracked(), "read"), tmp_path)

    assert ["read"] == list(load_folder(tmp_path))


def test_written_recording_is_what_was_read(tmp_path: Path) -> None:
    """
    Writing and reading changes nothing, and no file is overwritten: it is evidence.
    """
    for changes in (
        {},
        {"origin": "sandbox", "date": "2026-01", "redacted": ["names"], "lacks": ["reference"]},
        {"at": "2026-02-03T04:05:06.5Z", "unlike": "made by hand", "observed": [1]},
        {"response": {"status": 502, "text": "<html>"}, "expected": {"error": "invalid_answer"}},
        {
            "request": ...,
            "response": ...,
            "exchanges": [{"supplied": True, "request": None, "response": {"status": 200}}],
        },
    ):
        one = read(tracked(**changes), "same")
        path = write(one, tmp_path)

        assert one == load(path) == read(json.loads(dumps(one)), "same")
        with pytest.raises(FileExistsError):
            write(one, tmp_path)
        path.unlink()
