"""
What was recorded, published or made up is read as it says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
import pytest

from doorstep.provider import Provider
from doorstep_contracts.case import Case
from doorstep_contracts.promise import promise
from doorstep_contracts.recordings import Recording, problems, replay
from doorstep_contracts.suites._contract import Contract, recordings_in, supplied

__all__ = ["ReplayContract"]


class ReplayContract(Contract):
    """
    Every recording of the folder, replayed without a socket.

    A plugin may supply one more fixture, ``replaying``: the provider that they are
    replayed with, of the account that their ids name, and set up for their webhooks.
    It is ``provider`` unless there is one.
    """

    @pytest.fixture
    def replayer(self, request: pytest.FixtureRequest, provider: Provider) -> Provider:
        """
        Who reads the recordings.
        """
        chosen: Provider = supplied(request, "replaying") or provider
        return chosen

    @pytest.fixture
    def recorded(self, case: Case) -> Mapping[str, Recording]:
        """
        The recordings by name.
        """
        if case.recordings is None:
            pytest.skip("no recordings: supply the fixture `recordings`")
        return recordings_in(case.recordings)

    @promise("any", "recordings say where they come from, and what must come of them")
    def test_recordings_are_complete(self, recorded: Mapping[str, Recording]) -> None:
        """
        Every recording has an origin, a source, an operation, and what is expected.

        If this fails: the message names the file and the path; see
        docs/reference/recordings.md.
        """
        assert any(one.replayable for one in recorded.values()), "none can be replayed"

    @promise("any", "recorded answers are read as expected")
    def test_answers_are_read(self, replayer: Provider, recorded: Mapping[str, Recording]) -> None:
        """
        Each answer becomes the neutral value, or the error, that its file expects; and
        the request is the one that was recorded with it.

        If this fails: an answer is read in _mapping.py or _errors.py, a request made in
        _requests.py. If the carrier has changed, record anew instead of editing a file.
        """
        assert [] == _all(
            recorded, replayer, lambda one: not one.negative and one.operation != "receive"
        )

    @promise("any", "invented answers are not believed")
    def test_negative_recordings_are_not_believed(
        self, replayer: Provider, recorded: Mapping[str, Recording]
    ) -> None:
        """
        What no carrier ever sent is refused, or fills no field with what was made up.

        If this fails: a field is read in _wire.py that the carrier does not have.
        """
        assert [] == _all(recorded, replayer, lambda one: one.negative)

    @promise("any", "the carrier's own answer is kept")
    def test_raw_answer_is_kept(
        self, replayer: Provider, recorded: Mapping[str, Recording]
    ) -> None:
        """
        What is not understood can be read all the same: whatever has ``raw`` has in it the
        answer, or the part of it that it was made of.

        If this fails: pass what decode() returns beside the answer on as ``raw``, in
        _mapping.py.
        """
        assert [] == [
            f"{name}.json: raw of {type(value).__name__} is no part of what was answered"
            for name, one in recorded.items()
            if _read_back(one)
            for value in _told(replay(one, replayer).value)
            if _raw(value) not in (list(_answered(one)) or [None, {}])
        ]

    @promise("receive", "recorded webhooks are read as expected", claims="webhooks")
    def test_webhooks_are_read(self, replayer: Provider, recorded: Mapping[str, Recording]) -> None:
        """
        Each webhook becomes the events that its file expects, their ids among it, or is
        refused as it says.

        If this fails: look in _webhooks.py.
        """
        assert [] == _all(recorded, replayer, lambda one: one.operation == "receive")


def _all(
    recorded: Mapping[str, Recording], provider: Provider, wanted: Callable[[Recording], bool]
) -> list[str]:
    """
    Return what is wrong with the wanted ones, each line with its file.
    """
    return [
        f"{name}.json: {problem}"
        for name, one in recorded.items()
        if one.replayable and wanted(one)
        for problem in problems(one, provider)
    ]


def _read_back(one: Recording) -> bool:
    """
    Whether *one* is an answer that becomes a value.
    """
    good = one.replayable and not one.negative and one.operation != "receive"
    return good and one.expected is not None and not one.expected.error


def _told(value: Any) -> list[Any]:
    """
    Return what is in *value*, or itself, that has the carrier's answer beside it.
    """
    inside = getattr(value, "entries", getattr(value, "events", value))
    found = inside if isinstance(inside, list | tuple) else [inside]
    return [one for one in found if hasattr(one, "raw")]


def _raw(value: Any) -> Any:
    return json.loads(orjson.dumps(value.raw.as_dict())) if value.raw is not None else None


def _answered(recording: Recording) -> Iterator[Any]:
    """
    Yield every object in what was answered; in what was sent, of a webhook.
    """
    for one in recording.exchanges:
        told = one.request if recording.operation == "receive" else one.response
        yield from _objects(getattr(told, "body", None))


def _objects(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield value
    members = value.values() if isinstance(value, dict) else value
    for member in members if isinstance(value, dict | list) else ():
        yield from _objects(member)
