"""
Webhooks: who is believed.
"""

from __future__ import annotations

import traceback
from pathlib import Path

import attrs
import pytest

from doorstep.capabilities import WebhookAuth
from doorstep.errors import SettingsError, WebhookRejectedError
from doorstep.models import DeliveryId, Raw
from doorstep.secret import Secret
from doorstep.settings import load
from doorstep.tracking import MemoryEventStore
from doorstep_doordash._provider import DoorDashProvider
from doorstep_doordash._settings import DoorDashSettings
from doorstep_doordash._webhook_wire import Message

DELIVERY = DeliveryId("doordash", "downtown", "D-1763")
WORD = "Basic c2hvcDpzZXNhbWU="

MALFORMED = [
    None,
    "",
    " ",
    "Basic",
    "Bearer c2hvcDpzZXNhbWU=",
    "c2hvcDpzZXNhbWU=",
    WORD.lower(),
    f"{WORD} ",
    f"{WORD}, {WORD}",
    "Basic c2hvcDpz\0ZXNhbWU=",
    "Bäsic \u4e2d\U0001f600",
    "\udcff\udcfe",
    "Basic " + "A" * 100_000,
]


@pytest.mark.parametrize("header", [*MALFORMED[:8], "Basic other-account"])
def test_f067_forged_message_is_refused_and_changes_nothing(listen, webhook, news, header):
    """
    Without the account's own word it is answered with 401, nothing is echoed, nothing changes.
    """
    store = MemoryEventStore()
    with listen(store=store) as client:
        received = client.receive(webhook(news("DASHER_DROPPED_OFF"), authorization=header))

    assert (401, b"", {}) == (
        received.answer.status,
        received.answer.body,
        dict(received.answer.headers),
    )
    assert ("unauthenticated", ()) == (received.rejected.reason, received.changes)
    assert () == store.history(DELIVERY)
    if header and header.strip():
        assert header not in repr(received) + str(received.rejected)


def test_f067_word_of_another_account_is_refused(listen, settings, webhook, news):
    """
    Each account has its own word; that of another one proves nothing.
    """
    other = attrs.evolve(settings, webhook_authorizations=(Secret("Basic of-uptown"),))
    request = webhook(news("DASHER_CONFIRMED"), authorization="Basic of-uptown")
    with listen() as mine, listen(DoorDashProvider("uptown", other)) as theirs:
        assert 401 == mine.receive(request).answer.status
        assert 200 == theirs.receive(request).answer.status


def test_f067_nothing_is_believed_without_a_word(listen, provider, webhook, news):
    """
    An account without the setting believes nobody, and says which setting is missing.
    """
    with listen(provider) as client:
        received = client.receive(webhook(news("DASHER_CONFIRMED")))

    assert (401, "unconfigured") == (received.answer.status, received.rejected.reason)
    assert "webhook_authorizations" in str(received.rejected)


def test_anybody_is_believed_only_where_the_account_says_so(listen, settings, webhook, news):
    """
    The loud setting holds as long as no word is set, and no longer.
    """
    loud = attrs.evolve(settings, accept_unverified_webhooks=True)
    both = attrs.evolve(loud, webhook_authorizations=(Secret(WORD),))
    bare = webhook(news("DASHER_CONFIRMED"), authorization=None)
    with listen(DoorDashProvider("a", loud)) as any_one, listen(DoorDashProvider("a", both)) as one:
        assert 200 == any_one.receive(bare).answer.status
        assert 401 == one.receive(bare).answer.status


def test_f067_message_that_nobody_checked_is_not_called_verified(settings, webhook, news, now):
    """
    What is believed of anybody says so; what has the account's word does as well.
    """
    loud = attrs.evolve(settings, accept_unverified_webhooks=True)
    both = attrs.evolve(loud, webhook_authorizations=(Secret(WORD),))
    request = webhook(news("DASHER_CONFIRMED"))

    assert not DoorDashProvider("a", loud).receive(request, now).verified
    assert DoorDashProvider("a", both).receive(request, now).verified


@pytest.mark.parametrize("about", ["D-1763", ...])
def test_f066_news_of_one_account_is_no_repetition_for_another(
    listen, hearing, webhook, news, about
):
    """
    Two accounts that share a store each hear the same message once.
    """
    store = MemoryEventStore()
    request = webhook(news("DASHER_CONFIRMED", external_delivery_id=about))
    other = attrs.evolve(hearing, account="uptown")
    with listen(store=store) as mine, listen(other, store=store) as theirs:
        heard = [client.receive(request) for client in (mine, theirs, mine, theirs)]

    assert [1, 1, 0, 0] == [len(one.events) for one in heard]


@pytest.mark.parametrize(
    "body",
    [
        b'{"event_name": "X", "dasher_name": "Canary"',
        b'{"event_name": "a\\nb", "external_delivery_id": "D-1763", "dasher_name": "Canary"}',
        b'{"dasher_name": "Canary"}',
    ],
)
def test_f067_refusal_keeps_nothing_of_the_message(hearing, webhook, now, body):
    """
    Whoever keeps the error of an unreadable message keeps none of it: no frame has it.
    """
    with pytest.raises(WebhookRejectedError) as caught:
        hearing.receive(webhook(body), now)

    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    folders = {one: Path(one.f_code.co_filename).parent.name for one in frames}
    ours = [one for one, folder in folders.items() if folder == "doorstep_doordash"]
    held = [value for one in ours for name, value in one.f_locals.items() if name != "request"]
    assert ours
    assert all(type(one) not in (bytes, dict, Raw, Message) for one in held)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("word", ["Basic older-one", WORD])
def test_every_word_is_good_while_one_takes_the_place_of_another(listen, webhook, news, word):
    """
    While keys rotate, several are accepted.
    """
    with listen() as client:
        assert 200 == client.receive(webhook(news("X"), authorization=word)).answer.status


def test_f067_every_word_is_compared_in_constant_time(hearing, webhook, news, now, monkeypatch):
    """
    The first word that fits ends no comparison, so that no word is guessed by its time.
    """
    compared = []
    monkeypatch.setattr(
        "hmac.compare_digest", lambda one, other: compared.append((one, other)) or one == other
    )
    hearing.receive(webhook(news("X"), authorization="Basic older-one"), now)

    told = b"Basic older-one"
    assert [(told, b"Basic older-one"), (told, WORD.encode())] == compared


@pytest.mark.parametrize("header", MALFORMED)
def test_f069_malformed_header_is_refused_with_401(listen, webhook, news, header):
    """
    A header that is empty, cut, doubled or no text of any kind is answered with 401.
    """
    with listen() as client:
        assert 401 == client.receive(webhook(news("X"), authorization=header)).answer.status


def test_capabilities_say_what_webhooks_are_believed_for(settings, hearing):
    """
    Nothing is believed until the account has a word, or says loudly that it needs none.
    """
    loud = attrs.evolve(settings, accept_unverified_webhooks=True)

    assert WebhookAuth.NONE is DoorDashProvider("a", settings).capabilities.webhooks
    assert WebhookAuth.UNVERIFIED is DoorDashProvider("a", loud).capabilities.webhooks
    assert WebhookAuth.STATIC_HEADER is hearing.capabilities.webhooks
    assert hearing.capabilities.refund_notify


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook_authorizations": [Secret("Basic abcdef")]},
        {"webhook_authorizations": ("Basic abcdef",)},
        {"webhook_authorizations": (Secret("short"),)},
        {"webhook_authorizations": (Secret("Basic abcdéf"),)},
        {"webhook_authorizations": (Secret("Basic abcdef\n"),)},
        {"webhook_authorizations": (Secret(" Basic abcdef"),)},
        {"accept_unverified_webhooks": "yes"},
    ],
)
def test_setting_that_no_header_can_match_is_refused(settings, wrong):
    """
    A word that cannot be a header as it stands is refused, and not told.
    """
    with pytest.raises(SettingsError) as caught:
        attrs.evolve(settings, **wrong)

    assert "abc" not in str(caught.value)


def test_words_come_from_the_environment(settings):
    """
    Several words stand in one variable, separated by commas.
    """
    environ = {
        "DOORSTEP_DOORDASH_DEVELOPER_ID": "dev-1",
        "DOORSTEP_DOORDASH_KEY_ID": "key-1",
        "DOORSTEP_DOORDASH_SIGNING_SECRET": settings.signing_secret.reveal(),
        "DOORSTEP_DOORDASH_WEBHOOK_AUTHORIZATIONS": f"{WORD}, Bearer older-one",
    }
    found = load(DoorDashSettings, "doordash", environ=environ)

    assert (Secret(WORD), Secret("Bearer older-one")) == found.webhook_authorizations
    assert not found.accept_unverified_webhooks
