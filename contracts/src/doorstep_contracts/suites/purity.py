"""
What every flow promises: it is pure, so the core can drive, test and repeat it.
"""

from __future__ import annotations

from contextlib import suppress

import attrs

from doorstep.errors import DoorstepError
from doorstep.http import Request
from doorstep.models import DeliveryId
from doorstep_contracts._outside import touched_by
from doorstep_contracts.case import Case
from doorstep_contracts.flows import NOW, answer, context
from doorstep_contracts.promise import promise
from doorstep_contracts.suites._contract import Contract
from doorstep_contracts.tapes import Tape, first, operations, operations_of

__all__ = ["PurityContract"]

#: Ids that would reach another place if they stood in a path as they are.
_ODD_IDS = ("a/../b", "a?b=c", "a#b", "a%2e%2e", "a b", "ä")


class PurityContract(Contract):
    """
    No clock, no socket, no chance: what goes in decides what comes out.
    """

    @promise("any", "same call, same request")
    def test_same_call_yields_the_same_request(self, case: Case) -> None:
        """
        The same input and context give the same bytes.

        If this fails: take time and ids from the Context, in _provider.py.
        """
        for start in operations_of(case).values():
            assert first(start) == first(start)

    @promise("any", "opens no socket, reads no clock")
    def test_flow_touches_nothing_outside(self, case: Case) -> None:
        """
        A flow reads no clock, makes no random number, does not sleep and opens neither
        socket nor file: the core does that, and a test can hold it.

        If this fails: take ``now`` and ``call_id`` from the Context, and yield requests,
        in _provider.py and _auth.py.
        """
        for name, start in operations_of(case).items():
            with touched_by() as touched:
                flow = start()
                try:
                    request = next(flow)
                except StopIteration:
                    continue
                case.provider.sign(request, NOW, None)
                flow.close()
            assert touched == [], f"{name} used {', '.join(touched)}"

    @promise("any", "reads answers without a clock")
    def test_answers_are_read_without_the_outside(self, tapes: dict[str, Tape]) -> None:
        """
        What an answer becomes depends on the answer alone: no clock and no chance, not
        after it came either.

        If this fails: take times from the answer, or ``received_at`` of the Response, in
        _mapping.py.
        """
        for name, tape in tapes.items():
            flow = tape.start()
            next(flow)
            with touched_by() as touched, suppress(StopIteration):
                for one in tape.answers:
                    flow.send(one)
            assert touched == [], f"{name} used {', '.join(touched)}"

    @promise("any", "ids are escaped in paths")
    def test_ids_stay_one_segment_of_the_path(self, case: Case) -> None:
        """
        An id with a slash or a question mark in it reaches no other path.

        If this fails: build paths with doorstep.http.path(), in _provider.py.
        """
        ctx, request = context(), case.request
        for odd in _ODD_IDS:
            strange = DeliveryId(case.provider.name, case.provider.account, odd)
            plain = attrs.evolve(strange, value="plain")
            good = operations(case, request, plain, case.quote, ctx)
            for name, start in operations(case, request, strange, case.quote, ctx).items():
                for wanted, found in zip(first(good[name]), first(start), strict=True):
                    assert _shape(wanted) == _shape(found), f"{name} let {odd!r} out of its place"

    @promise("any", "signing leaves the message alone")
    def test_signing_changes_headers_alone(self, case: Case) -> None:
        """
        What is signed is what the flow yielded: method, path, query and body.

        If this fails: return request.with_headers(...), in _auth.py.
        """
        for start in operations_of(case).values():
            for request in first(start):
                signed = case.provider.sign(request, NOW, None)
                assert (signed.method, signed.target, signed.body) == (
                    request.method,
                    request.target,
                    request.body,
                )

    @promise("any", "ends when it is given up")
    def test_flow_that_is_closed_asks_nothing(self, case: Case) -> None:
        """
        A flow that is given up yields no more, at its first step or after an answer.

        If this fails: yield nothing in ``finally``, in _provider.py.
        """
        for start in operations_of(case).values():
            flow = start()
            next(flow, None)
            flow.close()  # raises RuntimeError if it yields
            flow = start()
            with suppress(StopIteration, DoorstepError):
                next(flow)
                flow.send(answer(500, b"{}"))
            flow.close()


def _shape(request: Request) -> tuple[str, int, bool, bool]:
    encoded = request.path.encoded
    return request.path.route, encoded.count("/"), "?" in encoded, "#" in encoded
