"""
Bodies that are none, ids in paths, and the fields of the smaller requests.
"""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "must be valid JSON"),
        (b"", "must be valid JSON"),
        (b"\xff\xfe", "must be valid JSON"),
        (b'{"tip": NaN}', "must be valid JSON"),
        (b"[" * 100_000, "must be valid JSON"),
        (b'{"tip": ' + b"9" * 5000 + b"}", "must be valid JSON"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/drive/v2/quotes"),
        ("POST", "/drive/v2/deliveries"),
        ("PATCH", "/drive/v2/deliveries/D-1"),
        ("POST", "/drive/v2/deliveries/D-1/refunds"),
    ],
)
def test_broken_bodies_are_refused(call, method, path, body, error):
    """
    400 about ``body``, whatever is wrong with it.
    """
    answer = call(method, path, body)

    assert (400, [{"field": "body", "error": error}]) == (
        answer.status,
        answer.body["field_errors"],
    )


@pytest.mark.parametrize("delivery", ["a%20b", "a%2Fb", "%C3%A9", "a,b"])
def test_ids_that_could_never_be_used_are_refused_in_paths(call, delivery):
    """
    400 rather than 404, and no other route.
    """
    answer = call("GET", f"/drive/v2/deliveries/{delivery}")

    assert (400, "external_delivery_id") == (
        answer.status,
        answer.body["field_errors"][0]["field"],
    )


def test_ids_in_paths_are_decoded(call, book):
    """
    ``%2D`` is a hyphen.
    """
    book("D-1~a.b_c")

    assert call("GET", "/drive/v2/deliveries/D%2D1%7Ea.b_c").status == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/drive/v2/quotes/D-1/accept", {"tip": "600"}, "tip"),
        (
            "POST",
            "/drive/v2/quotes/D-1/accept",
            {"dropoff_phone_number": "1"},
            "dropoff_phone_number",
        ),
        ("PATCH", "/drive/v2/deliveries/D-1", {"tip": -1}, "tip"),
        ("PATCH", "/drive/v2/deliveries/D-1", {"order_ready_time": "x"}, "order_ready_time"),
        ("PUT", "/drive/v2/deliveries/D-1/cancel", {"reason_code": "mood"}, "reason_code"),
        ("POST", "/drive/v2/deliveries/D-1/refunds", {}, "refund_reason"),
        ("POST", "/drive/v2/deliveries/D-1/refunds", {"refund_reason": "mood"}, "refund_reason"),
    ],
)
def test_the_other_operations_check_their_fields(call, book, method, path, body, field):
    """
    Accept, update, cancel and refund have fields of their own.
    """
    book()
    answer = call(method, path, body)

    assert (400, field) == (answer.status, answer.body["field_errors"][0]["field"])
