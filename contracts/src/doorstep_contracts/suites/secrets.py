"""
What is promised of secrets and of people: they stay where they belong.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import attrs
import pytest

from doorstep.errors import DoorstepError
from doorstep.http import Grant
from doorstep.models import DeliveryRequest
from doorstep.secret import Secret
from doorstep_contracts.canary import Canaries, Shown, shown_by_error
from doorstep_contracts.case import Case
from doorstep_contracts.flows import NOW, answer, run
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract
from doorstep_contracts.tapes import Start, first, operations_of

__all__ = ["SecretsContract"]

_TOKEN = "canary-token-9f1c2e77ab"  # noqa: S105  nobody's
_NAMES = ("Kzvqmira", "Xjwylund")
_REFUSALS = (401, 403, 500)
#: Shorter ones would be found by chance.
_SHORTEST = 8
_STATUSES = (200, 400, 401, 403, 404, 409, 422, 429, 500)


class SecretsContract(Contract):
    """
    No credential anywhere; no name, phone or address in logs and errors.
    """

    @promise("any", "a token is in no repr")
    def test_signing_shows_no_secret(self, case: Case) -> None:
        """
        A signed request shows its token in no repr.

        If this fails: put the token into a header, not into path or query, in _auth.py.
        """
        grant = Grant(value=Secret(_TOKEN), expires_at=NOW + timedelta(hours=1))
        for start in operations_of(case).values():
            for request in first(start):
                assert _TOKEN not in repr(case.provider.sign(request, NOW, grant))

    @promise("any", "nothing secret is in the provider's repr")
    def test_provider_shows_no_secret(self, case: Case) -> None:
        """
        A provider and its capabilities can be logged: each secret in it is a Secret.

        If this fails: declare it as doorstep.Secret, in _settings.py.
        """
        for value in _secrets_of(case.provider):
            assert value not in repr(case.provider)

    @promise("any", "no secret of the account is in an error")
    def test_errors_show_no_secret(self, case: Case) -> None:
        """
        Whatever an account is reached with is in no error about it.

        If this fails: raise no error in the frame that reveals a secret, and put none into
        a message, in _auth.py and _errors.py.
        """
        known = {text for text in _secrets_of(case.provider) if len(text) >= _SHORTEST}
        canaries = Canaries(secret=sorted(known))

        assert [] == canaries.search_all(_shown_by_all(case, {"code": "x"}, _REFUSALS))

    @promise("any", "errors quote no answer")
    def test_errors_quote_nothing_of_an_answer(self, case: Case) -> None:
        """
        A carrier that puts a name, a phone or a token into a refusal gets it into no error.

        If this fails: keep codes and field names of a refusal, never its prose, in
        _errors.py.
        """
        canaries = Canaries(name=_NAMES, token=_TOKEN)
        told = f"{' '.join(_NAMES)} {_TOKEN}"
        body = dict.fromkeys(("code", "message", "error", "reason", "detail", "title"), told)
        shown = _shown_by_all(case, {**body, "errors": [body]})

        assert [] == canaries.search_all(shown)

    @promise("any", "errors name nobody")
    def test_errors_name_nobody(self, case: Case) -> None:
        """
        Names, phone and address of the request are in no error about it.

        If this fails: name fields in errors, not their values, in _errors.py.
        """
        personal = attrs.evolve(case, request=_personal(case.request))
        canaries = Canaries(name=_NAMES, **_whereabouts(personal.request))

        assert [] == canaries.search_all(_shown_by_all(personal, {"code": "x"}))

    @promise("any", "logs and prints nothing")
    def test_flows_log_and_print_nothing(
        self, case: Case, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """
        A flow writes no log and prints nothing: observers of the core do that, redacted.

        If this fails: take the logging out of the plugin.
        """
        caplog.set_level(logging.DEBUG)
        for start in operations_of(case).values():
            for status in _STATUSES:
                _shown(start, status, {})
        out, err = capfd.readouterr()

        assert ([], "", "") == (caplog.messages, out, err)


def _personal(request: DeliveryRequest) -> DeliveryRequest:
    given, family = _NAMES
    contact = request.dropoffs[0].contact
    named = attrs.evolve(
        contact,
        given=given if contact.given else None,
        family=family if contact.family else None,
        display=f"{given} {family}" if contact.display else None,
        business=f"{given} {family}" if contact.business else None,
    )
    stop = attrs.evolve(request.dropoffs[0], contact=named)
    return attrs.evolve(request, dropoffs=(stop, *request.dropoffs[1:]))


def _whereabouts(request: DeliveryRequest) -> dict[str, str | tuple[str, ...]]:
    """
    Return what the request says of where somebody lives and is called, as it is.
    """
    dropoff = request.dropoffs[0]
    found = {
        "phone": dropoff.contact.phone,
        "address": dropoff.address.one_line or dropoff.address.lines,
    }
    return {name: value for name, value in found.items() if value}


def _shown_by_all(
    case: Case, body: object, statuses: tuple[int, ...] = _STATUSES
) -> Iterator[Shown]:
    """
    Yield what the errors of every operation show after *body* under each of *statuses*.
    """
    for name, start in operations_of(case).items():
        for status in statuses:
            for how, text in _shown(start, status, body):
                yield f"{name} after {status}: {how}", text


def _shown(start: Start, status: int, body: object) -> list[Shown]:
    """
    Return everything that the error after such an answer shows, if there is one.
    """
    try:
        run(start(), answer(status, body))
    except DoorstepError as error:
        return list(shown_by_error(error, frames=False))
    return []


def _secrets_of(value: Any, depth: int = 4) -> list[str]:
    if isinstance(value, Secret):
        return [value.reveal()]
    if not depth or not attrs.has(type(value)):
        return []
    held = [getattr(value, field.name, None) for field in attrs.fields(type(value))]
    return [text for one in held for text in _secrets_of(one, depth - 1)]
