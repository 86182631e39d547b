"""
Who may ask the Marketplace, and what goes wrong on the way.
"""

from __future__ import annotations

import json

import attrs
import pytest
import urllib3

from doorstep_doordash.simulator import DriveOptions, DriveServer

CLOSE = {"is_active": False, "reason": "operational_issues"}
STOCK = [{"merchant_supplied_id": "taco", "is_active": False}]
REQUESTS = {
    "store_status": ("status", CLOSE),
    "items": ("items", STOCK),
    "options": ("options", [{"merchant_supplied_id": "guacamole", "is_active": False}]),
    "store_details": ("details", None),
    "menu_details": ("menus", None),
    "store_menu": ("menu", None),
    "item_availability": ("item", None),
    "option_availability": ("option", None),
}


def _refused(drive, answer):
    status, said = answer

    assert (401, "authentication_error") == (status, said["code"])
    assert [] != drive.marketplace.shown("store-1")


@pytest.mark.parametrize(
    "changes",
    [
        {"Authorization": None},
        {"Authorization": "Bearer x.y.z"},
        {"auth-version": None},
        {"auth-version": "v1"},
        {"User-Agent": "python/3.13"},
    ],
)
def test_a_current_request_needs_all_its_headers(drive, current, changes):
    """
    A token, its version, and the name of the integration.
    """
    headers = {**current.headers(), **changes}
    headers = {name: value for name, value in headers.items() if value is not None}

    _refused(drive, current("status", "store-1", CLOSE, headers))


@pytest.mark.parametrize("claims", [{"exp": 1_800_000_000}, {"kid": "another"}, {"iss": "nobody"}])
def test_a_current_token_is_verified_as_drives_are(drive, current, claims):
    """
    401 for one that is expired or of another key.
    """
    _refused(drive, current("status", "store-1", CLOSE, current.headers(**claims)))


def test_the_keys_of_drive_and_marketplace_are_two(drive, call, current):
    """
    Neither opens the other's door.
    """
    drives = {**current.headers(), "Authorization": f"Bearer {call.token()}"}
    other = current.headers()["Authorization"]

    _refused(drive, current("status", "store-1", CLOSE, drives))
    assert 401 == call("GET", "/drive/v2/deliveries/D-1", authorization=other).status


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic {}", "{}"])
def test_a_legacy_request_needs_its_token(drive, legacy, authorization):
    """
    Behind "Bearer", and whole.
    """
    header = authorization.format(drive.options.marketplace_token)

    _refused(drive, legacy("status", "store-1", CLOSE, {"authorization": header}))


def test_the_generations_do_not_share_credentials(drive, current, legacy):
    """
    A JWT is nothing to the legacy API, and its token nothing to the current one.
    """
    _refused(drive, legacy("status", "store-1", CLOSE, current.headers()))
    _refused(drive, current("status", "store-1", CLOSE, legacy.headers() | {"auth-version": "v2"}))


def test_tokens_and_secrets_are_not_shown():
    """
    Not even a simulator's appear in a repr.
    """
    options = DriveOptions()

    assert options.marketplace_token not in repr(options)
    assert options.marketplace_signing_secret not in repr(options)
    assert options.marketplace_signing_secret not in repr(options.marketplace_key())


def test_a_secret_that_is_none_is_refused():
    """
    The name is told, the value is not.
    """
    with pytest.raises(ValueError, match="marketplace_signing_secret must be") as caught:
        DriveOptions(marketplace_signing_secret="a secret!")

    assert "a secret!" not in str(caught.value)


@pytest.mark.parametrize("operation", REQUESTS)
def test_every_operation_can_fail(drive, current, operation):
    """
    A fault waits for its operation and lets the others pass.
    """
    drive.faults.arm("error_503_before", operation)
    ids = {"item_availability": "taco", "option_availability": "guacamole"}
    statuses = {
        name: current(word, ids.get(name, "store-1"), body)[0]
        for name, (word, body) in REQUESTS.items()
    }

    assert [operation] == [name for name, status in statuses.items() if status == 503]
    assert {200, 503} == set(statuses.values())


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("refuse_429", 429, "RATE_LIMIT_EXCEEDED"),
        ("error_500_before", 500, "INTERNAL_SERVER_ERROR"),
        ("stale_404", 404, "NOT_FOUND"),
    ],
)
def test_a_refusal_before_it_changes_nothing(drive, shop, fault, status, code):
    """
    In the Marketplace's words.
    """
    drive.faults.arm(fault, "items")
    answer = shop("items", "store-1", STOCK)

    assert (status, code) == (answer[0], answer[1]["code"])
    assert "taco" in drive.marketplace.shown("store-1")


@pytest.mark.parametrize("fault", ["rst_after", "fin_after", "truncate_after"])
@pytest.mark.parametrize("operation", ["store_status", "items"])
def test_a_lost_answer_leaves_the_change_done(drive, shop, fault, operation):
    """
    Which only the store itself tells; to repeat it does no harm.
    """
    word, body = REQUESTS[operation]
    drive.faults.arm(fault, operation)
    with pytest.raises(urllib3.exceptions.HTTPError):
        shop(word, "store-1", body)
    seen = drive.marketplace.shown("store-1")

    assert "taco" not in seen
    assert 200 == shop(word, "store-1", body)[0]
    assert seen == drive.marketplace.shown("store-1")


def test_an_answer_may_name_other_items(drive, shop):
    """
    Each entry of it.
    """
    drive.faults.arm("wrong_id_after", "items")
    answer = shop.switch("items", "store-1", taco=False, burrito=False)

    assert ["taco-other", "burrito-other"] == [one["merchant_supplied_id"] for one in answer[1]]


def test_an_answer_may_say_what_nobody_knows(drive, shop):
    """
    Each entry of it has another word.
    """
    drive.faults.arm("alter_after", "items", field="response", value="Perhaps")
    answer = shop.switch("items", "store-1", taco=False, burrito=False)

    assert ["Perhaps", "Perhaps"] == [one["response"] for one in answer[1]]
    assert ["soup"] == drive.marketplace.shown("store-1")


def test_the_journal_keeps_no_store(drive, shop):
    """
    Routes with their blanks alone, of either generation.
    """
    shop("details", "store-1")

    assert all("store-1" not in one.route for one in drive.journal.seen())
    assert 1 == sum(one.count for one in drive.journal.seen())


@pytest.mark.parametrize(
    ("generation", "names", "tail"),
    [
        ("current", {"developer_id", "key_id", "signing_secret"}, "/marketplace"),
        ("legacy", {"token"}, ""),
    ],
)
def test_credentials_are_those_of_one_generation(options, generation, names, tail):
    """
    With where it is, and what the integration is called.
    """
    with DriveServer(attrs.evolve(options, marketplace=generation)) as drive:
        told = {
            name.removeprefix("marketplace_"): value
            for name, value in drive.credentials().items()
            if name.startswith("marketplace_")
        }

        assert {"url", "provider_type"} | names == told.keys()
        assert f"{drive.base_url}{tail}" == told.pop("url")
        assert all(
            getattr(drive.options, f"marketplace_{name}") == value for name, value in told.items()
        )


def test_there_are_two_generations():
    """
    Another word is refused.
    """
    with pytest.raises(ValueError, match="next"):
        DriveOptions(marketplace="next")


def test_answers_have_the_servers_date(drive, current):
    """
    As all of its answers, for clients that compare clocks.
    """
    answer = urllib3.request(
        "GET",
        f"{drive.base_url}/marketplace/api/v1/stores/store-1/store_details",
        headers=current.headers(),
    )

    assert "Fri, 15 Jan 2027 08:00:00 GMT" == answer.headers["Date"]
    assert "store-1" == json.loads(answer.data)["merchant_supplied_id"]
