"""
Telling shops by themselves: tries, order, repetition, and an end.
"""

from __future__ import annotations

import threading

import pytest

from doorstep.simulation import WebhookSender, WebhookTry


def statuses(sender: WebhookSender) -> list[list[int | None]]:
    """
    Return what each webhook was answered with.
    """
    return [[one.status for one in webhook.tries] for webhook in sender.sent()]


def test_webhook_is_posted_with_its_headers(shop, sender, tell, clock, word):
    """
    One POST to the whole URL, with the body byte for byte and the headers as configured.
    """
    tell("ä")
    ((path, headers, body),) = shop.got

    assert ("/hooks?shop=7", "ä".encode()) == (path, body)
    assert (word, "application/json") == (headers["Authorization"], headers["Content-Type"])
    assert [(WebhookTry(at=clock.now(), status=200, error=None),)] == [
        one.tries for one in sender.sent()
    ]


@pytest.mark.parametrize("status", [500, 404, 401, 302, 204, 202])
def test_anything_but_200_is_tried_again(shop, sender, tell, clock, status):
    """
    After the pauses by the simulator's clock, and no more often than was said.
    """
    shop.statuses = [status] * 5
    tell("a")
    seen = [len(shop.got)]
    for _ in range(4):
        clock.step(45)
        sender.settle()
        seen.append(len(shop.got))

    assert [1, 2, 2, 3, 3] == seen
    assert [[status] * 3] == statuses(sender)
    assert not sender.sent()[0].taken
    assert {"/hooks?shop=7"} == {path for path, _, _ in shop.got}


def test_webhook_is_tried_no_more_once_it_is_taken(shop, sender, tell, clock):
    """
    A 200 ends it.
    """
    shop.statuses = [503]
    tell("a")
    clock.step(3600)
    sender.settle()

    assert [[503, 200]] == statuses(sender)
    assert (0, True) == (sender.waiting, sender.sent()[0].taken)


def test_shop_that_is_closed_is_tried_again(shop, sender, tell, clock):
    """
    No answer is none: the kind of the failure is kept, and nothing of its text.
    """
    shop.close()
    tell("a")
    (one,) = sender.sent()[0].tries

    assert (None, "ConnectionRefusedError", 1) == (one.status, one.error, sender.waiting)


def test_webhooks_keep_their_order_unless_told_otherwise(shop, tell):
    """
    In the order of what they tell.
    """
    tell(*"abcdefgh")

    assert list("abcdefgh") == shop.bodies


def test_shuffled_webhooks_come_in_another_order_the_same_for_a_seed(shop, sender, clock):
    """
    Each waits for a while of its own; a seed gives the same order again.
    """
    orders = []
    for seed in (7, 7, 8):
        sender.configure(shuffle=None)
        sender.configure(shuffle=seed, spread_s=100)
        shop.requests.clear()
        for word in "abcdefgh":
            sender.send(word, word.encode())
        clock.step(100)
        sender.settle()
        orders.append("".join(shop.bodies))

    assert {"".join(sorted(one)) for one in orders} == {"abcdefgh"}
    assert orders[0] == orders[1] != orders[2]
    assert "abcdefgh" not in orders


def test_webhook_is_repeated_although_it_was_taken(shop, sender, tell):
    """
    As a carrier does that lost the answer.
    """
    sender.configure(repeat=3)
    tell("a", "b")

    assert ["a", "a", "a", "b", "b", "b"] == shop.bodies
    assert [[200] * 3] * 2 == statuses(sender)


def test_webhook_is_held_back(shop, sender, tell, clock):
    """
    A delay is of the simulator's clock.
    """
    sender.configure(delay_s=60)
    tell("a")
    held = list(shop.got)
    clock.step(60)
    sender.settle()

    assert ([], ["a"]) == (held, shop.bodies)


def test_foreign_webhooks_follow_when_told(shop, sender, tell):
    """
    Each is followed by one of another shop, and by none unless that is asked for.
    """
    tell("a")
    sender.configure(foreign=True)
    tell("b")

    assert ["a", "b", "other b"] == shop.bodies
    assert [False, False, True] == [one.foreign for one in sender.sent()]


def test_nothing_is_kept_without_an_address(shop, sender, tell):
    """
    What happens while there is no URL is not told later.
    """
    sender.configure(url=None)
    tell("a")
    sender.configure(url=shop.url)
    tell("b")

    assert ["b"] == shop.bodies


def test_what_came_due_before_belongs_to_the_options_before(shop, clock):
    """
    Whoever sets the URL is told of what happens from then on.
    """
    due = ["early"]
    sender = WebhookSender(
        clock, look=lambda: [sender.send("x", due.pop().encode()) for _ in list(due)]
    )
    sender.configure(url=shop.url)
    due.append("late")
    sender.start()
    sender.settle()
    sender.stop()

    assert ["late"] == shop.bodies


def test_webhooks_are_sent_again_on_demand(shop, sender, tell):
    """
    One by its number, or all; of what was never sent that is told.
    """
    tell("a", "b")
    planned = [sender.resend(2), sender.resend()]
    sender.settle()

    assert ([1, 2], ["a", "b", "b", "a", "b"]) == (planned, shop.bodies)
    with pytest.raises(LookupError, match="no webhook 3"):
        sender.resend(3)


def test_end_does_not_wait_for_a_shop_that_is_silent(shop, sender):
    """
    Stopping ends the try that is under way; the thread is gone, and nothing more is sent.
    """
    shop.silent = True
    sender.send("a", b"a")
    sender.send("b", b"b")
    shop.wait_for(1)
    sender.stop()

    assert "doorstep-webhooks" not in {thread.name for thread in threading.enumerate()}
    assert (["a"], 0) == (shop.bodies, sender.waiting)


def test_silence_is_not_waited_for_in_a_test_for_ever(shop, sender):
    """
    Settling has an end of its own.
    """
    shop.silent = True
    sender.send("a", b"a")

    with pytest.raises(TimeoutError, match="under way"):
        sender.settle(0.05)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("url", "http://shop.example/hooks", "url of webhooks must be https://"),
        ("url", "https://user:secret@shop.example", "url of webhooks must be https://"),
        ("url", "ftp://127.0.0.1", "url of webhooks must be https://"),
        ("url", 7, "url of webhooks must be https://"),
        ("headers", {"x": "two\r\nlines"}, "headers of webhooks must be"),
        ("headers", ["x"], "headers of webhooks must be"),
        ("tries", 0, "tries of webhooks must be 1 to 1000"),
        ("tries", True, "tries of webhooks must be 1 to 1000"),
        ("pauses_s", (), "pauses_s of webhooks must be"),
        ("pauses_s", (-1,), "pauses_s of webhooks must be"),
        ("delay_s", -1, "delay_s of webhooks must be"),
        ("shuffle", "x", "shuffle of webhooks must be"),
        ("spread_s", float("nan"), "spread_s of webhooks must be"),
        ("repeat", 0, "repeat of webhooks must be"),
        ("foreign", 1, "foreign of webhooks must be"),
        ("timeout_s", 0, "timeout_s of webhooks must be"),
    ],
)
def test_options_that_make_no_sense_are_refused(sender, field, value, rule):
    """
    The field is named with its rule, its value is not told, and nothing is changed.
    """
    before = sender.options
    with pytest.raises(ValueError, match=rule) as caught:
        sender.configure(**{field: value})

    assert before == sender.options
    assert "secret" not in str(caught.value)


def test_secrets_are_not_shown(sender, word):
    """
    No repr holds the authorization, or the address that may hold a key.
    """
    assert word not in repr(sender.options)
    assert "shop=7" not in repr(sender.options)
