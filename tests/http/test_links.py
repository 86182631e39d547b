"""
Links that a carrier tells: they lead neither into the shop's network nor its secrets out.
"""

from __future__ import annotations

import pytest

from doorstep.errors import InvalidAnswerError
from doorstep.http import Call, linked
from doorstep.outcome import Effect, Repeat, Retry
from doorstep_contracts.faults import Answer

CARRIER = "https://acme.example/api"
HERE = "http://127.0.0.1:8080"
#: A link with everything that can stand in one; its query may be all that protects it.
GOOD = "https://Pictures.acme.example:8443/a%20b/c.png?sig=x%2By%3D&t=1;2#top"


def test_link_is_asked_for_as_it_stands() -> None:
    """
    Path and query are sent as the carrier wrote them, to the host that it names.
    """
    request = linked(GOOD, CARRIER)

    assert "https://Pictures.acme.example:8443" == request.base
    assert "/a%20b/c.png?sig=x%2By%3D&t=1;2" == request.target
    assert ("GET", None, {}) == (request.method, request.body, request.headers)
    assert (Effect.NOTHING, Repeat.SAFE) == (request.effect, request.repeat)


def test_link_is_never_signed_and_shows_nothing() -> None:
    """
    No credential goes along, and neither repr nor route shows path or query.
    """
    request = linked(GOOD, CARRIER)

    assert not request.signed
    assert "/(linked)" == request.path.route
    assert "c.png" not in repr(request)
    assert "sig=" not in repr(request)


def test_link_without_a_path_asks_for_the_root() -> None:
    """
    What is only a host has a path all the same, and keeps its query.
    """
    assert "/?a=1" == linked("https://acme.example?a=1", CARRIER).target


def test_link_is_sent_as_the_pool_sends(serve, pool) -> None:
    """
    What comes back is its answer, whole, and a redirect is an answer like any other.
    """
    server = serve(Answer(200, b"\x89PNG"), Answer(302, b"", {"Location": "/other"}))
    found = [
        pool.send(request, request.base or "", Call("proof"))
        for request in [linked(f"{server.url}/p?sig=1", server.url)] * 2
    ]

    assert [(200, b"\x89PNG"), (302, b"")] == [(one.status, one.body) for one in found]
    assert all(one.startswith(b"GET /p?sig=1 ") for one in server.requests)


REFUSED = [
    "http://pictures.acme.example/p.png",
    "ftp://pictures.acme.example/p.png",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "//pictures.acme.example/p.png",
    "/p.png",
    "p.png",
    "",
    "https:///p.png",
    "https://user@pictures.acme.example/p.png",
    "https://user:word@pictures.acme.example/p.png",
    "https://pictures.acme.example:0/p.png",
    "https://pictures.acme.example:99999/p.png",
    "https://pictures.acme.example:x/p.png",
    "https://[::1/p.png",
    # This computer, and the network that it stands in.
    "https://localhost/p.png",
    "https://LOCALHOST/p.png",
    "https://localhost./p.png",
    "https://a.localhost/p.png",
    "https://127.0.0.1/p.png",
    "https://127.1/p.png",
    "https://2130706433/p.png",
    "https://0x7f000001/p.png",
    "https://0X7F.1/p.png",
    "https://0177.0.0.1/p.png",
    "https://10.0.0.1/p.png",
    "https://172.16.0.1/p.png",
    "https://192.168.1.1/p.png",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/p.png",
    "https://0.0.0.0/p.png",
    "https://[::1]/p.png",
    "https://[fd00::1]/p.png",
    "https://[fe80::1%25eth0]/p.png",
    "https://[::ffff:10.0.0.1]/p.png",
    "https://[64:ff9b::a00:1]/p.png",
    "https://router/p.png",
    "https://printer.local/p.png",
    "https://printer.home.arpa/p.png",
    "https://localhost.localdomain/p.png",
    "https://kubernetes.default.svc/p.png",
    "https://wiki.corp/p.png",
    "https://metadata.acme.internal/p.png",
    # A number of the internet is no name either.
    "https://8.8.8.8/p.png",
    # What one program reads so and another otherwise.
    "https://acme.example\\@10.0.0.1/p.png",
    "https://acme.example\t/p.png",
    " https://acme.example/p.png",
    "https://acme.example/p.png\r\nX-A: 1",
    "https://acme.example/p q.png",
    "https://acme.example/\u00e9.png",
    "https://acme\u3002example/p.png",
    "https://-acme.example/p.png",
    "https://acme..example/p.png",
    "https://acme.example/" + "x" * 8_192,
    None,
    7,
]


@pytest.mark.parametrize("url", REFUSED)
@pytest.mark.parametrize("base_url", [CARRIER, "https://127.0.0.1.acme.example", "nonsense"])
def test_link_elsewhere_is_refused(url, base_url: str) -> None:
    """
    A link into a network, or of a form that programs disagree about, is not followed.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        linked(url, base_url, at="$.photo")

    assert "$.photo" == caught.value.params["path"]
    assert Retry.NO is caught.value.retryable
    assert "p.png" not in str(caught.value)
    assert "10.0.0.1" not in str(caught.value)


HERE_TOO = [
    "http://127.0.0.1:9/p",
    "http://localhost:9/p",
    "http://[::1]:9/p",
    "https://127.0.0.2/p",
]


@pytest.mark.parametrize("url", HERE_TOO)
def test_simulator_links_to_this_computer(url: str) -> None:
    """
    A carrier on this computer may link to this computer, and over http; no other may.
    """
    assert url.startswith(linked(url, HERE).base or "-")
    with pytest.raises(InvalidAnswerError):
        linked(url, CARRIER)


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/p",
        "https://10.0.0.1/p",
        "http://acme.example/p",
        "http://2130706433/p",
        "http://user@127.0.0.1/p",
        "ftp://127.0.0.1/p",
    ],
)
def test_simulator_links_nowhere_else_in_the_clear(url: str) -> None:
    """
    That the carrier is on this computer opens this computer and nothing beside it.
    """
    with pytest.raises(InvalidAnswerError):
        linked(url, HERE)
