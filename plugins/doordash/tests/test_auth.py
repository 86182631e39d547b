"""
The token: what DoorDash checks in it, and that nobody sees the secret.
"""

from __future__ import annotations

import base64
import traceback
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from doorstep.errors import SettingsError, ValidationError
from doorstep.http import Request
from doorstep.secret import Secret
from doorstep_doordash._auth import with_token
from doorstep_doordash._settings import DoorDashSettings

SECRET = "c2lnbmluZy1zZWNyZXQtb2YtdGhlLXRlc3Rz_-A"
KEY = base64.urlsafe_b64decode(SECRET + "=")


def _settings(**changes):
    values = {"developer_id": "dev-1", "key_id": "key-1", "signing_secret": Secret(SECRET)}
    return DoorDashSettings(**{**values, **changes})


def _claims(now):
    issued = int(now.timestamp()) - 30
    return {
        "aud": "doordash",
        "iss": "dev-1",
        "kid": "key-1",
        "iat": issued,
        "exp": issued + 1800,
    }


@pytest.mark.parametrize("moment", [0.0, 0.9, 123_456.5])
@pytest.mark.filterwarnings("ignore:The HMAC key")
def test_token_equals_pyjwt(provider, run, now, moment):
    """
    The token made here is, byte for byte, the one that PyJWT makes.
    """
    at = now + timedelta(seconds=moment)
    expected = jwt.encode(_claims(at), KEY, "HS256", headers={"dd-ver": "DD-JWT-V1"})

    assert expected == run(provider.grant(at)).value.value.reveal()


@pytest.mark.filterwarnings("ignore:The HMAC key")
def test_token_has_the_header_and_claims_of_doordash(provider, run, now):
    """
    The key id is a claim, times are whole numbers, the life is 1800 seconds at most.
    """
    token = run(provider.grant(now)).value.value.reveal()
    claims = jwt.decode(token, KEY, ["HS256"], audience="doordash", options={"verify_exp": False})

    header = {"alg": "HS256", "typ": "JWT", "dd-ver": "DD-JWT-V1"}
    assert header == jwt.get_unverified_header(token)
    assert _claims(now) == claims
    assert {int} == {type(claims["iat"]), type(claims["exp"])}
    assert claims["exp"] - claims["iat"] <= 1800
    assert claims["iat"] <= now.timestamp()


def test_grant_expires_with_the_token(provider, run, now):
    """
    The core may keep the grant just as long as DoorDash accepts the token.
    """
    assert now + timedelta(seconds=1770) == run(provider.grant(now)).value.expires_at


def test_grant_asks_nothing(provider, run, now):
    """
    A token costs no request.
    """
    assert [] == run(provider.grant(now)).requests


def test_sign_adds_token_and_content_type(provider, run, now):
    """
    A request with a body says that it is JSON; one without says nothing about it.
    """
    grant = run(provider.grant(now)).value
    bearer = f"Bearer {grant.value.reveal()}"
    put = provider.sign(Request("PUT", "/drive/v2/deliveries/a/cancel"), now, grant)
    post = provider.sign(Request("POST", "/drive/v2/quotes", body=b"{}"), now, grant)

    assert {"Authorization": bearer} == put.headers
    assert {"Authorization": bearer, "Content-Type": "application/json"} == post.headers
    assert b"{}" == post.body


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "c2lnbmluZw==",
        "c2lnb+luZw",
        "c2lnb/luZw",
        "c2lnbmluZ",
        "c2lnbmluZx",
        "c2ln bmlu",
        "c2lnbmlu\n",
        "clé-secrète",
    ],
    ids=[
        "empty",
        "padded",
        "plus",
        "slash",
        "length",
        "loose bits",
        "space",
        "line end",
        "letters",
    ],
)
def test_malformed_secret_is_refused_without_its_value(secret):
    """
    A secret that lax decoders would turn into another key is refused at once.

    DoorDash would answer 401 to everything, which nobody traces to a copied "=".
    """
    with pytest.raises(SettingsError) as caught:
        _settings(signing_secret=Secret(secret))

    assert "signing_secret" in str(caught.value)
    assert not secret or secret not in str(caught.value)


def test_secret_must_be_a_secret():
    """
    Plain text in its place is refused, and is not repeated.
    """
    with pytest.raises(SettingsError) as caught:
        _settings(signing_secret=SECRET)

    assert SECRET not in str(caught.value)


def test_no_frame_shows_the_secret(provider, run, now):
    """
    A traceback with locals from inside the plugin shows neither secret nor token.
    """
    grant = run(provider.grant(now)).value
    try:
        provider.sign(None, now, grant)
    except AttributeError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    text = "".join(shown.format())

    assert grant.value.reveal() not in text
    assert SECRET not in repr(provider) + text


def test_token_is_added_where_headers_were():
    """
    Headers of the request stay.
    """
    request = Request("GET", "/x", headers={"Accept": "application/json"})

    assert {"Accept": "application/json"} == with_token(request, None).headers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("developer_id", ""),
        ("developer_id", 7),
        ("key_id", "two words"),
        ("base_url", "http://openapi.doordash.com"),
        ("base_url", "https://user:word@openapi.doordash.com"),
        ("base_url", "ftp://openapi.doordash.com"),
        ("base_url", "https://openapi.doordash.com?x=1"),
        ("base_url", "https://[broken"),
        ("base_url", None),
        ("business_id", "a/b"),
        ("business_id", "ab"),
        ("currency", "EUR"),
        ("currency", ["USD"]),
    ],
)
def test_wrong_setting_is_named(name, value):
    """
    A wrong setting is refused by name and rule, in the two classes that the core reads.
    """
    with pytest.raises(SettingsError) as caught:
        _settings(**{name: value})

    assert isinstance(caught.value, ValidationError)
    assert [name] == [field.path for field in caught.value.fields]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9"])
def test_loopback_needs_no_tls(url):
    """
    A simulator on this machine can be used without certificates.
    """
    assert url == _settings(base_url=url).base_url


def test_sandbox_and_production_share_the_host(settings):
    """
    The default is DoorDash's only host.
    """
    assert "https://openapi.doordash.com" == settings.base_url


def test_now_is_a_plain_value(provider, run):
    """
    No clock is read: the same time gives the same token, years later.
    """
    at = datetime(2030, 1, 1, tzinfo=UTC)

    assert run(provider.grant(at)).value == run(provider.grant(at)).value
