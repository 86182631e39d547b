"""
The commands before a delivery exists, and what all commands share, over loopback.
"""

from __future__ import annotations

import json

import attrs
import pytest

from doorstep import from_json, to_json
from doorstep.cli._exit import Exit
from doorstep.errors import NoCapacityError, OutOfCoverageError
from doorstep.models import (
    Delivery,
    Quote,
)

SENSITIVE = ("901 Market", "Ferry Building", "Ada")


def test_quote_shows_price_and_expiry(cli, options):
    """
    People see what it costs and until when; nothing is booked.
    """
    ran = cli("quote", "acme", *options)

    assert Exit.OK == ran.code
    assert ran.out.startswith("PRICE     KIND")
    assert "9.75 USD" in ran.out


def test_quote_can_be_taken_in_another_process(cli, options, server):
    """
    ``quote --json`` prints what ``dispatch --quote -`` reads.
    """
    quoted = cli("quote", "acme", *options, "--json")
    ran = cli("dispatch", "acme", *options, "--quote", "-", "--json", stdin=quoted.out)

    assert "order-118" == from_json(quoted.out, Quote).reference
    assert Exit.OK == ran.code
    assert server.carrier().deliveries == (from_json(ran.out, Delivery),)


def test_request_is_read_from_stdin(cli, server):
    """
    A request can be piped in.
    """
    request = {"reference": "r-1", "pickup": {"address": "a"}, "dropoff": {"address": "b"}}
    ran = cli("dispatch", "acme", "--request", "-", stdin=json.dumps(request))

    assert Exit.OK == ran.code
    assert "acme/default/r-1~1" in ran.out
    assert 1 == len(server.carrier().deliveries)


def test_stdin_is_read_once(cli, options):
    """
    Two inputs cannot come from one stdin; nothing is sent.
    """
    ran = cli("dispatch", "acme", "--request", "-", "--quote", "-")

    assert Exit.USAGE == ran.code
    assert "--quote and --request cannot both be read from stdin" in ran.err


def test_dispatch_refuses_to_pay_more(cli, options, server):
    """
    ``--max-fee`` reaches the carrier; nothing is booked above it.
    """
    ran = cli("dispatch", "acme", *options, "--max-fee", "9.00 USD")

    assert Exit.REFUSED == ran.code
    assert () == server.carrier().deliveries


def test_refusal_tells_where_you_stand(cli, options, server):
    """
    The message is on stderr, with what was booked and whether to try again; stdout is empty.
    """
    server.carrier().refuse_next(OutOfCoverageError)
    ran = cli("dispatch", "acme", *options)

    assert (Exit.REFUSED, "") == ran[:2]
    assert ran.err.startswith("error: acme: dispatch was refused (HTTP 422")
    assert "booked: rejected; retry: no; code: out_of_coverage\n" in ran.err
    assert not any(word in ran.err for word in SENSITIVE)


def test_carrier_that_is_busy_has_its_own_code(cli, options, server):
    """
    A script may try the same command again.
    """
    server.carrier().refuse_next(NoCapacityError)

    assert Exit.UNAVAILABLE == cli("quote", "acme", *options).code


def test_lost_answer_names_the_look_up(cli, options, server):
    """
    After a lost answer the code is 5, and the command to look it up can be pasted.
    """
    server.carrier().lose_next_answer()
    ran = cli("dispatch", "acme", *options, "--revision=2")
    found = cli("find", "acme", "order-118", "--revision", "2")

    assert Exit.UNKNOWN == ran.code
    assert "booked: unknown; retry: look_up_first; code: outcome_unknown" in ran.err
    assert "look it up: doorstep find acme order-118 --revision 2\n" in ran.err
    assert Exit.OK == found.code
    assert "acme/default/order-118~2" in found.out


def test_error_in_json_is_one_object_on_stderr(cli, options, server):
    """
    Programs get the same parts, stdout stays empty.
    """
    server.carrier().lose_next_answer()
    ran = cli("dispatch", "acme", *options, "--json")
    error = json.loads(ran.err)["error"]

    assert (Exit.UNKNOWN, "") == ran[:2]
    assert ("outcome_unknown", "look_up_first", "unknown") == (
        error["code"],
        error["retryable"],
        error["booked"],
    )
    assert ("acme", "default", "dispatch") == (
        error["provider"],
        error["account"],
        error["operation"],
    )
    assert "order-118" == error["params"]["reference"]


def test_find_knows_nothing_of_an_unknown_reference(cli):
    """
    It is an answer, with a code that a script can tell from a found one.
    """
    assert (Exit.REFUSED, "null\n") == cli("find", "acme", "nothing", "--json")[:2]
    assert "knows no such delivery" in cli("find", "acme", "nothing").out


def test_account_has_its_own_settings_and_deliveries(cli, options, server, monkeypatch):
    """
    ``--account`` chooses the settings; the id remembers it.
    """
    monkeypatch.setenv("DOORSTEP_ACME__DOWNTOWN__BASE_URL", server.base_url)
    monkeypatch.setenv("DOORSTEP_ACME__DOWNTOWN__API_KEY", "k")
    ran = cli("dispatch", "acme", *options, "--account", "downtown")

    assert "acme/downtown/order-118~1" in ran.out
    assert Exit.OK == cli("track", "acme/downtown/order-118~1").code
    assert 1 == len(server.carrier("downtown").deliveries)


def test_config_file_holds_the_settings(cli, options, server, monkeypatch, tmp_path):
    """
    ``--config`` is enough, without the environment.
    """
    monkeypatch.delenv("DOORSTEP_ACME_BASE_URL")
    monkeypatch.delenv("DOORSTEP_ACME_API_KEY")
    path = tmp_path / "doorstep.toml"
    path.write_text(f'[acme]\nbase_url = "{server.base_url}"\napi_key = "k"\n', "utf-8")
    path.chmod(0o600)

    assert Exit.OK == cli("quote", "acme", *options, "--config", str(path)).code


@pytest.mark.filterwarnings("default")
def test_careless_config_file_is_a_warning(cli, options, server, monkeypatch, tmp_path):
    """
    A warning is one line on stderr, without a line of code.
    """
    monkeypatch.delenv("DOORSTEP_ACME_API_KEY")
    path = tmp_path / "doorstep.toml"
    path.write_text('[acme]\napi_key = "k"\n', "utf-8")
    path.chmod(0o644)
    ran = cli("quote", "acme", *options, "--config", str(path))

    assert ran.err.startswith("warning: ")
    assert 1 == ran.err.count("\n")


def test_deadline_is_for_the_call(cli, options):
    """
    ``--deadline`` is checked and passed on.
    """
    ran = cli("quote", "acme", *options, "--deadline", "0")

    assert Exit.USAGE == ran.code
    assert "deadline_s" in ran.err


def test_capabilities_are_listed(cli):
    """
    A person sees yes, no and lists; a program the same as JSON.
    """
    ran = cli("capabilities", "acme")
    told = json.loads(cli("capabilities", "acme", "--json").out)

    assert "refund request         yes\n" in ran.out
    assert "quote                  binding\n" in ran.out
    assert {"provider": "acme", "account": "default"} == {
        name: told[name] for name in ("provider", "account")
    }
    assert told["capabilities"]["max_dropoffs"] == 10


def test_capabilities_fit_beside_their_names(cli):
    """
    Long lists are broken, never within a word; JSON stays on one line.
    """
    ran = cli("capabilities", "acme")
    told = json.loads(cli("capabilities", "acme", "--json").out)
    words = " ".join(line.strip() for line in ran.out.splitlines())

    assert max(map(len, ran.out.splitlines())) <= 100
    assert ", ".join(told["capabilities"]["inputs"]) in words


def test_capabilities_without_settings_name_them(cli, monkeypatch):
    """
    What an account can do depends on its settings, so the missing ones are named.
    """
    monkeypatch.delenv("DOORSTEP_ACME_API_KEY")
    ran = cli("capabilities", "acme")

    assert (Exit.USAGE, "") == ran[:2]
    assert "DOORSTEP_ACME_API_KEY" in ran.err


def test_delivery_that_cannot_be_printed_is_told_on_stderr(cli, options, monkeypatch, server):
    """
    A full disk loses no delivery: its id is on stderr and the code is 5.
    """

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("doorstep.cli._output.Output.value", full)
    ran = cli("dispatch", "acme", *options)

    assert Exit.UNKNOWN == ran.code
    assert "delivery: acme/default/order-118~1\n" in ran.err
    assert "booked: created" in ran.err


def test_unknown_option_is_usage(cli):
    """
    cyclopts' own errors are ours: one line, code 2, JSON when asked.
    """
    text = cli("quote", "acme", "--colour", "red")
    told = cli("quote", "acme", "--colour", "red", "--json")

    assert (Exit.USAGE, "error: Unknown option: --colour.\n") == (text.code, text.err)
    assert "usage" == json.loads(told.err)["error"]["code"]


def test_no_command_takes_a_secret(cli):
    """
    No option of a built-in command is a credential: they would be in the process list.
    """
    for command in ("quote", "dispatch", "find", "track", "update", "cancel", "refund"):
        text = cli(command, "--help").out.lower()

        assert not any(word in text for word in ("secret", "password", "--api-key", "credential"))


def test_whole_request_survives_the_way(cli, server, tmp_path):
    """
    The versioned form of a request reaches the carrier unchanged.
    """
    cli("dispatch", "acme", "--reference=r", "--pickup-address=a", "--dropoff-address=b")
    sent = server.carrier()._requests["r~1"]
    path = tmp_path / "request.json"
    path.write_text(to_json(attrs.evolve(sent, reference="s")), "utf-8")
    cli("dispatch", "acme", "--request", str(path))

    assert attrs.evolve(sent, reference="s") == server.carrier()._requests["s~1"]
