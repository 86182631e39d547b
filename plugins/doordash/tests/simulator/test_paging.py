"""
Lists in pages, and the manners in which a careless reader never ends.
"""

from __future__ import annotations

import attrs
import pytest

BUSINESSES = "/developer/v1/businesses"
STORES = f"{BUSINESSES}/deli/stores"
MADE = [f"store-{number}" for number in range(5)]


@pytest.fixture(name="options")
def _options(options, request):
    return attrs.evolve(options, page_size=2, **getattr(request, "param", {}))


@pytest.fixture(name="pages")
def _pages(drive, call):
    """
    Read the first pages of the stores: their ids and their tokens.
    """
    for name in MADE:
        drive.register_store("deli", name, address="2 Mission St")

    def pages(most):
        token, read = None, []
        while len(read) < most and (token is not None or not read):
            query = "" if token is None else f"?continuationToken={token}"
            body = call("GET", STORES + query).body
            token = body["continuation_token"]
            ids = [one["external_store_id"] for one in body["result"]]
            assert len(ids) == body["result_count"]
            read.append((ids, token))
        return read

    return pages


def _manner(name):
    return pytest.mark.parametrize("options", [{"paging": name}], indirect=True, ids=[name])


def test_pages_end_with_null(pages):
    """
    Every entry once, in order, and another token on each page but the last.
    """
    read = pages(most=10)

    assert [MADE[:2], MADE[2:4], MADE[4:]] == [ids for ids, _ in read]
    assert 3 == len({token for _, token in read})
    assert read[-1][1] is None


def test_page_that_is_just_full_is_the_last(drive, call, pages):
    """
    No empty page follows it.
    """
    drive.register_store("deli", "store-5", address="2 Mission St")

    assert [2, 2, 2] == [len(ids) for ids, _ in pages(most=10)]


def test_filter_holds_over_pages(call):
    """
    Only what was asked for fills the pages.
    """
    for number in range(6):
        status = "active" if number % 2 else "failed"
        body = {
            "external_business_id": f"biz-{number}",
            "name": "Deli",
            "activation_status": status,
        }
        call("POST", BUSINESSES, body)
    first = call("GET", f"{BUSINESSES}?activationStatus=failed").body
    query = f"activationStatus=failed&continuationToken={first['continuation_token']}"
    second = call("GET", f"{BUSINESSES}?{query}").body

    assert [["biz-0", "biz-2"], ["biz-4"]] == [
        [one["external_business_id"] for one in page["result"]] for page in (first, second)
    ]
    assert second["continuation_token"] is None


def test_entry_that_is_added_while_reading_comes_last(drive, call, pages):
    """
    A token names a place, so nothing is lost or told twice.
    """
    token = pages(most=1)[0][1]
    drive.register_store("deli", "store-5", address="2 Mission St")
    body = call("GET", f"{STORES}?continuationToken={token}").body

    assert MADE[2:4] == [one["external_store_id"] for one in body["result"]]


def test_token_of_another_list_is_refused(call, pages):
    """
    400 names the parameter.
    """
    token = pages(most=1)[0][1]
    answer = call("GET", f"{BUSINESSES}?continuationToken={token}")

    assert 400 == answer.status
    assert ["continuationToken"] == [one["field"] for one in answer.body["field_errors"]]


@_manner("stuck")
def test_stuck_pages_repeat_their_token(pages):
    """
    The second page comes for ever.
    """
    read = pages(most=6)

    assert [MADE[:2], *[MADE[2:4]] * 5] == [ids for ids, _ in read]
    assert 1 == len({token for _, token in read})


@_manner("endless")
def test_endless_pages_have_new_tokens(pages):
    """
    After the last the first comes again, under a token never seen.
    """
    read = pages(most=7)

    assert [MADE[:2], MADE[2:4], MADE[4:]] * 2 + [MADE[:2]] == [ids for ids, _ in read]
    assert 7 == len({token for _, token in read})


@_manner("repeats")
def test_repeating_pages_tell_entries_twice(pages):
    """
    Each begins with the last entry before, and they end.
    """
    read = pages(most=10)

    assert [MADE[:2], MADE[1:4], MADE[3:]] == [ids for ids, _ in read]
    assert read[-1][1] is None


@pytest.mark.parametrize("options", [{"paging": "stuck"}, {"paging": "endless"}], indirect=True)
def test_even_one_page_does_not_end(call):
    """
    A list that fits on one page has a token all the same.
    """
    assert call("GET", f"{BUSINESSES}").body["continuation_token"] is not None


@pytest.mark.parametrize("wrong", [{"page_size": 0}, {"paging": "sideways"}])
def test_wrong_options_are_refused(options, wrong):
    """
    Before anything is served.
    """
    with pytest.raises(ValueError):
        attrs.evolve(options, **wrong)
