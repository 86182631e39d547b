"""
Who may ask: tokens, credentials, the request limit.
"""

from __future__ import annotations

import base64
import re
import uuid

import attrs
import pytest

from doorstep_doordash.simulator import DriveOptions, DriveServer

NOW = 1_800_000_000
UNKNOWN = "/drive/v2/deliveries/D-404"


def test_a_good_token_is_let_in(call):
    """
    404 for an unknown id shows that the key is good.
    """
    answer = call("GET", UNKNOWN)

    assert (404, "unknown_delivery_id") == (answer.status, answer.body["code"])


@pytest.mark.parametrize(
    "claims",
    [
        {"iat": str(NOW), "exp": str(NOW + 1800)},
        {"iat": NOW, "exp": NOW + 60},
        {"iat": NOW - 1000, "exp": NOW + 800},
    ],
)
def test_tokens_as_doordash_makes_them_are_let_in(call, claims):
    """
    The SDK's 60 s and the Python sample's strings over 1800 s are good.
    """
    assert call("GET", UNKNOWN, authorization=f"Bearer {call.token(**claims)}").status == 404


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"iat": NOW - 60, "exp": NOW}, "The [exp] is in the past; the JWT is expired"),
        ({"iat": NOW + 1}, "The [iat] is in the future"),
        ({"exp": NOW + 1801}, "The JWT lives longer than 1800 seconds"),
        ({"iat": None}, 'Token is missing the "iat" claim'),
        ({"exp": None}, 'Token is missing the "exp" claim'),
        ({"exp": "soon"}, "must be numbers of seconds"),
        ({"iat": True}, "must be numbers of seconds"),
        ({"aud": "ubereats"}, "Audience doesn't match"),
        ({"aud": None}, "aud"),
        ({"iss": "somebody"}, "Invalid issuer"),
        ({"kid": "another"}, "The [kid] claim is not the ID of an access key"),
        ({"header": {"typ": None}}, "[typ] JWT"),
        ({"header": {"dd-ver": None}}, "[dd-ver] DD-JWT-V1"),
        ({"header": {"alg": "HS384"}, "key": b"x" * 48}, "alg value is not allowed"),
        ({"key": b"x" * 48}, "base64url decoded prior to signing"),
    ],
)
def test_bad_tokens_are_refused(call, changes, message):
    """
    Each with 401 and the documented code.
    """
    answer = call("GET", UNKNOWN, authorization=f"Bearer {call.token(**changes)}")

    assert (401, "authentication_error") == (answer.status, answer.body["code"])
    assert message in answer.body["message"]
    assert {"code", "message"} == answer.body.keys()


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer x.y.z", "Basic abc", "Bearer "])
def test_what_is_no_token_is_refused(call, authorization):
    """
    401 whatever the header holds.
    """
    answer = call("GET", UNKNOWN, authorization=authorization)

    assert (401, "authentication_error") == (answer.status, answer.body["code"])


def test_a_refused_caller_books_nothing(drive, call, request_body):
    """
    The token is looked at before anything else.
    """
    token = f"Bearer {call.token(iat=NOW + 1)}"
    answer = call("POST", "/drive/v2/deliveries", request_body(), authorization=token)

    assert (401, []) == (answer.status, drive.books())


def test_tokens_are_judged_by_real_time(drive, call):
    """
    The simulator's clock may run ahead by days.
    """
    drive.clock.step(1_000_000)

    assert call("GET", UNKNOWN).status == 404


def test_date_tells_the_real_time(call):
    """
    A client that corrects its clock by ``Date`` gets what tokens are judged by.
    """
    assert call("GET", UNKNOWN).headers["Date"] == "Fri, 15 Jan 2027 08:00:00 GMT"


def test_credentials_have_doordashs_shape():
    """
    Two UUIDs and 32 random bytes, base64url without padding.
    """
    first, second = DriveOptions(), DriveOptions()

    assert str(uuid.UUID(first.developer_id)) == first.developer_id
    assert str(uuid.UUID(first.key_id)) == first.key_id
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", first.signing_secret)
    assert len(base64.urlsafe_b64decode(first.signing_secret + "=")) == 32
    assert first.signing_secret != second.signing_secret


@pytest.mark.parametrize("secret", ["c2hvc", "a" * 41, "c2hvcnQ=", "not base64!"])
def test_a_secret_of_another_shape_is_refused(secret):
    """
    Text that is no base64url, as DoorDash hands secrets out, is a mistake.
    """
    with pytest.raises(ValueError, match="base64url") as caught:
        DriveOptions(signing_secret=secret)

    assert secret not in str(caught.value)


def test_credentials_are_a_clients_settings(drive, options):
    """
    All that a client's settings need, to ask and to be told.
    """
    expected = {
        "base_url": drive.base_url,
        "developer_id": options.developer_id,
        "key_id": options.key_id,
        "signing_secret": options.signing_secret,
        "webhook_authorizations": [options.webhook_authorization],
        **options.marketplace_credentials(drive.base_url),
    }
    assert expected == drive.credentials()


def test_the_secret_is_not_shown(options):
    """
    Not even a simulator's secret appears in a repr.
    """
    assert options.signing_secret not in repr(options)
    assert options.webhook_authorization not in repr(options)


class TestRequestLimit:
    """
    The documented limit, when it is switched on.
    """

    @pytest.fixture(name="time")
    def _time(self):
        return [float(NOW)]

    @pytest.fixture(name="options")
    def _options(self, options, time):
        return attrs.evolve(options, request_limit=2, real_time=lambda: time[0])

    def test_limit_refuses_what_exceeds_it(self, call):
        """
        429 without ``Retry-After``; a bad token does not count.
        """
        call("GET", UNKNOWN, authorization="Bearer x")
        answers = [call("GET", UNKNOWN) for _ in range(3)]

        assert [404, 404, 429] == [answer.status for answer in answers]
        assert {"code", "message"} == answers[2].body.keys()
        assert "Retry-After" not in answers[2].headers

    def test_limit_forgets_after_a_minute(self, call, time):
        """
        Sixty real seconds later the caller may ask again.
        """
        for _ in range(2):
            call("GET", UNKNOWN)
        time[0] += 60

        assert call("GET", UNKNOWN).status == 404


def test_port_and_speed_are_options():
    """
    A server runs as fast as its options say.
    """
    with DriveServer(DriveOptions(speed=60)) as drive:
        assert drive.clock.speed == 60
    with pytest.raises(RuntimeError):
        _ = drive.base_url
