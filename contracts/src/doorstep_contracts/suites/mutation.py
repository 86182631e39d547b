"""
What is promised of answers that are not as documented: nothing is guessed, nothing escapes.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial

import pytest

from doorstep.errors import DoorstepError
from doorstep_contracts._mutations import (
    WHOLE,
    WORDS,
    Path,
    at,
    changed,
    leaves,
    moments_in,
    money_in,
)
from doorstep_contracts.effort import Effort
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract
from doorstep_contracts.tapes import Tape, replay, replay_step

__all__ = ["MutationContract"]

#: Statuses under which each answer is tried.
_STATUSES = (200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503)
_CHANGES = ("missing", *WORDS)
_NAIVE = "2031-05-06T07:08:09"
_AS_UTC = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


class MutationContract(Contract):
    """
    Every answer of every operation, with one thing changed.
    """

    @promise("any", "a changed field is a value or a typed error")
    @pytest.mark.parametrize("change", _CHANGES)
    def test_any_changed_field_ends_in_a_value_or_a_typed_error(
        self, tapes: dict[str, Tape], change: str, effort: Effort
    ) -> None:
        """
        Whichever field of an answer is missing or of another kind, the flow returns a
        value or raises our error.

        If this fails: declare the field's type in _wire.py, with None as its default
        where the carrier may leave it out; decode() does the rest.
        """
        new = changed if change == "missing" else WORDS[change]
        for tape, step, path in effort.some(_places(tapes), _CHANGES, change):
            body = changed(tape.answers[step].body, path, new)
            self._ends_well(tape, step, body, f"{_spell(path)} {change}")

    @promise("any", "a changed body is a value or a typed error")
    @pytest.mark.parametrize("body", sorted(WHOLE))
    def test_any_body_under_any_status_ends_in_a_value_or_a_typed_error(
        self, tapes: dict[str, Tape], body: str
    ) -> None:
        """
        Whatever comes instead of an answer, at any step and under any status, the flow
        returns a value or raises our error.

        If this fails: look at the status before the body, in _provider.py, and use
        decode() for bodies.
        """
        for tape in tapes.values():
            for step in range(len(tape.exchanges)):
                for status in _STATUSES:
                    self._ends_well(tape, step, WHOLE[body], f"{body} {status}", status)

    @promise("any", "a good body under a bad status is no success")
    def test_good_body_under_a_failure_is_no_success(self, tapes: dict[str, Tape]) -> None:
        """
        A 5xx with the body of a success is a failure.

        If this fails: look at the status before the body, in _provider.py.
        """
        for tape in tapes.values():
            for step in range(len(tape.exchanges)):
                with pytest.raises(DoorstepError):
                    replay_step(tape, step, tape.answers[step].body, status=503)

    @promise("any", "amounts are never rounded")
    def test_amounts_are_never_rounded(self, tapes: dict[str, Tape]) -> None:
        """
        A number with a fraction where a whole one is documented becomes no amount.

        If this fails: declare amounts as int in _wire.py, and never call int() or
        float() on them, in _mapping.py.
        """
        for tape, step, path in _places(tapes):
            old = at(json.loads(tape.answers[step].body), path)
            if type(old) is not int:
                continue
            body = changed(tape.answers[step].body, path, old * 3 + 1.5)
            try:
                value = replay_step(tape, step, body)
            except DoorstepError:
                continue
            found = money_in(value) - money_in(tape.value)
            assert not found, f"{tape.operation}: {_spell(path)} was rounded to {found}"

    @promise("any", "amounts are in the currency of the answer")
    def test_amounts_are_in_the_currency_of_the_answer(self, tapes: dict[str, Tape]) -> None:
        """
        An answer in another currency becomes no amount in the one that was expected.

        If this fails: take the currency from the answer that has the amount, in
        _mapping.py; where it has none, from the account.
        """
        for tape in tapes.values():
            for known in sorted({money.currency for money in money_in(tape.value)}):
                other = "CHF" if known != "CHF" else "SEK"
                if all(_in_currency(one.body, known, other) == one.body for one in tape.answers):
                    continue  # the carrier tells no currency
                try:
                    value = replay(tape, partial(_in_currency, known=known, other=other))
                except DoorstepError:
                    continue
                found = {money for money in money_in(value) if money.currency == known}
                assert not found, f"{tape.operation}: {found} of an answer in {other}"

    @promise("any", "a time without its zone is not believed")
    def test_naive_times_are_not_believed(self, tapes: dict[str, Tape]) -> None:
        """
        A time without an offset is nobody's time: it becomes none of ours.

        If this fails: declare times as datetime in _wire.py, and give naive ones no
        zone of your own, in _mapping.py.
        """
        for tape, step, path in _places(tapes):
            old = at(json.loads(tape.answers[step].body), path)
            if not (isinstance(old, str) and old[:2] == "20" and "T" in old):
                continue
            body = changed(tape.answers[step].body, path, _NAIVE)
            try:
                value = replay_step(tape, step, body)
            except DoorstepError:
                continue
            assert _AS_UTC not in moments_in(value), f"{tape.operation}: {_spell(path)}"

    def _ends_well(
        self, tape: Tape, step: int, body: bytes, how: str, status: int | None = None
    ) -> None:
        try:
            replay_step(tape, step, body, status=status)
        except DoorstepError as error:
            assert error.code
        except Exception as escaped:  # noqa: BLE001  whatever escapes is what is looked for
            kind = type(escaped).__name__
            pytest.fail(f"{tape.operation}, answer {step + 1}, {how}: {kind} escaped: {escaped}")


def _in_currency(body: bytes, known: str, other: str) -> bytes:
    """
    Return *body* with every ``"USD"``, in any case of letters, as another currency.
    """
    return body.replace(f'"{known}"'.encode(), f'"{other}"'.encode()).replace(
        f'"{known.lower()}"'.encode(), f'"{other.lower()}"'.encode()
    )


def _places(tapes: dict[str, Tape]) -> list[tuple[Tape, int, Path]]:
    """
    Return every place of every answer that holds JSON.
    """
    found = []
    for tape in tapes.values():
        for step, answer in enumerate(tape.answers):
            try:
                data = json.loads(answer.body)
            except ValueError:
                continue
            found += [(tape, step, path) for path in leaves(data)]
    return found


def _spell(path: Path) -> str:
    return "$" + "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
