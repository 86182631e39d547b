"""
A secret appears nowhere: not printed, not formatted, not stored, not in a traceback.
"""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
import traceback

import attrs
import orjson
import pytest

from doorstep.codec import to_json
from doorstep.errors import SettingsError, ValidationError
from doorstep.secret import Secret

CANARY = "canary-4f9a1c77e2"


@attrs.frozen
class Holder:
    """
    Settings as a plugin would write them.
    """

    key: Secret
    name: str = "acme"


@pytest.fixture(name="secret")
def _secret() -> Secret:
    return Secret(CANARY)


def test_reveal_gives_the_credential(secret) -> None:
    """
    The one way to read a secret is to ask for it.
    """
    assert CANARY == secret.reveal()


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        format,
        lambda one: f"{one!s:>20} {one!r} {one:>20} {one:x}",
        lambda one: "%s %r" % (one, one),  # noqa: UP031
        lambda one: str([one, {"a": one}, (one,)]),
        lambda one: repr(Holder(one)),
        lambda one: str(attrs.asdict(Holder(one))),
        lambda one: str(attrs.astuple(Holder(one))),
        lambda one: str(SettingsError("x", params={"key": one}).params),
        lambda one: str(dir(one)),
    ],
)
def test_f111_no_text_of_a_secret_shows_it(secret, show) -> None:
    """
    However it is printed, alone or inside of something, a secret reads ``<Secret>``.
    """
    assert CANARY not in show(secret)


@pytest.mark.parametrize("spec", ["", ">10", "s", "d", "%Y"])
def test_f111_every_format_reads_the_same(secret, spec) -> None:
    """
    A format specification neither fails nor shows a part.
    """
    assert "<Secret>" == format(secret, spec)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_f111_pickle_is_refused(secret, protocol) -> None:
    """
    A queue or a cache never holds a credential by accident.
    """
    for held in (secret, [secret], Holder(secret)):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(held, protocol)


@pytest.mark.parametrize("write", [json.dumps, orjson.dumps])
def test_f111_json_is_refused(secret, write) -> None:
    """
    A secret is not JSON, alone or inside of settings.
    """
    for held in (secret, {"key": secret}, attrs.asdict(Holder(secret))):
        with pytest.raises(TypeError) as caught:
            write(held)
        assert CANARY not in str(caught.value)
    with pytest.raises(ValidationError):
        to_json(secret)


def test_f111_copies_are_the_secret_itself(secret) -> None:
    """
    Copying settings leaves one holder, not two.
    """
    assert secret is copy.copy(secret)
    assert secret is copy.deepcopy({"key": secret})["key"]


def test_f111_secret_has_no_namespace_and_no_hash(secret) -> None:
    """
    Nothing can be listed out of it, and a hash would betray short secrets.
    """
    with pytest.raises(TypeError):
        vars(secret)
    with pytest.raises(TypeError):
        hash(secret)
    with pytest.raises(AttributeError):
        secret.value  # noqa: B018


def test_secrets_compare_by_what_they_hold(secret) -> None:
    """
    Equal secrets are equal, and a secret equals no text.
    """
    assert Secret(CANARY) == secret
    assert Secret("other") != secret
    assert secret != CANARY
    assert (True, False) == (bool(secret), bool(Secret("")))


def test_odd_bytes_from_the_environment_compare_quietly() -> None:
    """
    Text that is no UTF-8 must not end in an encoding error that holds the secret.
    """
    odd = Secret(f"{CANARY}\udc80")

    assert odd == Secret(f"{CANARY}\udc80")
    assert odd != Secret(CANARY)


def test_f112_log_and_traceback_with_locals_stay_clean(secret) -> None:
    """
    A handler that prints every local variable finds a holder, not the credential.
    """

    def use(key: Secret, holder: Holder) -> None:
        raise SettingsError("is wrong")

    stream = io.StringIO()
    log = logging.getLogger("doorstep.test_secret")
    log.addHandler(handler := logging.StreamHandler(stream))
    try:
        use(secret, Holder(secret))
    except SettingsError as error:
        log.exception("failed with %s and %r", secret, Holder(secret))
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        stream.write("".join(shown.format()))
    finally:
        log.removeHandler(handler)

    assert "<Secret>" in stream.getvalue()
    assert CANARY not in stream.getvalue()


@pytest.mark.parametrize("wrong", [CANARY.encode(), [CANARY], {"key": CANARY}])
def test_f112_credential_that_is_no_text_is_refused_without_showing_it(wrong) -> None:
    """
    The frame that refuses bytes does not keep them for a traceback with locals.
    """
    with pytest.raises(TypeError) as caught:
        Secret(wrong)

    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
    inner = [frame for frame in frames if frame.name == "__init__"]
    assert 1 == len(inner)
    assert CANARY not in f"{caught.value} {inner[0].locals}"
