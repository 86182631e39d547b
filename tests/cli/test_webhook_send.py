"""
``doorstep webhook send``: what a carrier would post, posted again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from tests.shop import Shop

from doorstep import Secret
from doorstep.cli._exit import Exit
from doorstep.errors import SettingsError
from doorstep.webhooks._post import Poster


@attrs.frozen(kw_only=True)
class Settings:
    """
    The settings of an account that knows its webhooks.
    """

    base_url: str
    api_key: Secret
    webhook_authorizations: tuple[Secret, ...] = ()


@pytest.fixture(name="shop")
def _shop() -> Iterator[Shop]:
    with Shop() as shop:
        yield shop


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> list[str]:
    """
    Files with a body each.
    """
    found = [tmp_path / f"{name}.json" for name in "abc"]
    for path in found:
        path.write_text(f'{{"name": "{path.stem}ä"}}', "utf-8")
    return [str(path) for path in found]


def test_bodies_are_posted_as_they_are(cli, shop, files, monkeypatch):
    """
    In order, byte for byte, with the authorization of a variable and further headers.
    """
    monkeypatch.setenv("THE_WORD", "Basic nobody-may-see-it")
    ran = cli(
        "webhook",
        "send",
        shop.url,
        *files,
        "--authorization-env=THE_WORD",
        "--header=X-Kind: test",
        "--header=X-Other: a:b",
    )

    assert (Exit.OK, "") == (ran.code, ran.err)
    assert [("/hooks?shop=7", Path(one).read_bytes()) for one in files] == [
        (path, body) for path, _, body in shop.got
    ]
    assert [f"200  {one}" for one in files] == ran.out.splitlines()
    assert ("Basic nobody-may-see-it", "test", "a:b") == tuple(
        shop.got[0].headers[name] for name in ("Authorization", "X-Kind", "X-Other")
    )
    assert "nobody-may-see-it" not in ran.out


def test_stdin_is_a_file(cli, shop):
    """
    A body may come through a pipe.
    """
    ran = cli("webhook", "send", shop.url, "-", "--json", stdin='{"a": 1}')

    assert {"file": "-", "status": 200, "error": None} == json.loads(ran.out)
    assert [b'{"a": 1}'] == [one.body for one in shop.got]


def test_bodies_are_repeated_and_shuffled(cli, shop, files):
    """
    Each as often as is said, in an order that the seed decides.
    """
    orders = []
    for seed in ("7", "7", "8"):
        shop.requests.clear()
        cli("webhook", "send", shop.url, *files, "--times=3", "--shuffle", seed)
        orders.append([one.body for one in shop.got])

    assert sorted(orders[0]) == sorted(Path(one).read_bytes() for one in files * 3)
    assert orders[0] == orders[1] != orders[2]
    assert orders[0] != sorted(orders[0])


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ([200, 200, 200], Exit.OK),
        ([200, 401, 200], Exit.REFUSED),
        ([302, 200, 200], Exit.REFUSED),
        ([200, 503, 401], Exit.UNAVAILABLE),
        ([429, 200, 200], Exit.UNAVAILABLE),
    ],
)
def test_worst_answer_is_the_exit_code(cli, shop, files, statuses, code):
    """
    Each is posted once whatever the others were answered, and no redirect is followed.
    """
    shop.statuses = list(statuses)
    ran = cli("webhook", "send", shop.url, *files)

    assert code == ran.code
    assert [str(one) for one in statuses] == [line.split()[0] for line in ran.out.splitlines()]
    assert ["/hooks?shop=7"] * 3 == [one.path for one in shop.got]


def test_server_that_is_not_there_is_told(cli, shop, files):
    """
    No answer is named by its kind.
    """
    shop.close()
    ran = cli("webhook", "send", shop.url, files[0])

    assert Exit.UNAVAILABLE == ran.code
    assert ran.out.startswith("ConnectionRefusedError  ")


def test_authorization_of_an_account_is_taken(cli, shop, files, acme, monkeypatch):
    """
    The first that its webhooks are known by, from where all its settings come.
    """
    monkeypatch.setattr(acme, "AcmeSettings", Settings)
    monkeypatch.setenv("DOORSTEP_ACME_WEBHOOK_AUTHORIZATIONS", "Basic new-word,Basic old-word")
    ran = cli("webhook", "send", shop.url, files[0], "--carrier=acme")

    assert Exit.OK == ran.code
    assert "Basic new-word" == shop.got[0].headers["Authorization"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["http://shop.example/hooks"], "URL must be https://"),
        (["https://user:word@shop.example"], "URL must be https://"),
        (["URL", "--times=0"], "--times must be at least 1"),
        (["URL", "--times=100001"], "--times must be at least 1, and no more than"),
        (["URL", "--header=Authorization: Basic word"], "--header must hold no secret"),
        (["URL", "--header=X-Api-Key: word"], "--header must hold no secret"),
        (["URL", "--header=word"], "--header must read 'Name: value'"),
        (["URL", "--header=X-A: b\nX-B: c"], "--header must read 'Name: value'"),
        (["URL", "--authorization-env=NOT_THERE"], "--authorization-env must name a variable"),
        (["URL", "--carrier=acme"], "--carrier must name an account with"),
        (["URL", "--carrier=acme", "--authorization-env=HOME"], "--carrier cannot be given"),
    ],
)
def test_wrong_usage_posts_nothing(cli, shop, files, words, message):
    """
    Secrets have no place on the command line, and clear text goes to this machine alone.
    """
    url, *options = words
    ran = cli("webhook", "send", shop.url if url == "URL" else url, files[0], *options)

    assert (Exit.USAGE, []) == (ran.code, shop.got)
    assert message in ran.err
    assert "word" not in ran.err.replace("password", "")


@pytest.mark.parametrize("files", [[], ["/nobody/there.json"]])
def test_file_that_is_not_there_is_told(cli, shop, files):
    """
    Before anything is posted.
    """
    ran = cli("webhook", "send", shop.url, *files)

    assert (Exit.USAGE, []) == (ran.code, shop.got)
    assert "FILES" in ran.err


def test_poster_refuses_clear_text_to_others():
    """
    Whoever posts is held to it, not only the command.
    """
    with pytest.raises(SettingsError, match="https://"):
        Poster("http://shop.example")
