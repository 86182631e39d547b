"""
A delivery's whole life, lived while all that is printed, logged, raised and shown is kept.

And the same channels with a canary planted in each of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import http.server
import io
import json
import logging
import pickle
import re
import types
import warnings
from collections import defaultdict
from functools import partial

import attrs
from tests.faults.canary_carriers import arm, running, serving, untrusted, watched

import doorstep
from doorstep import models
from doorstep.errors import DoorstepError, NoSuchProviderError
from doorstep.http import CallSummary, HttpPool
from doorstep.outcome import Outcome
from doorstep.registry import default_registry
from doorstep.secret import Secret
from doorstep.settings import load
from doorstep.support import SqliteJournal
from doorstep.testing import ManualClock
from doorstep_contracts.canary import (
    Canaries,
    shown_by_error,
    shown_by_frames,
    shown_by_value,
)

PERSONAL = Canaries(
    phone="+12065550177",
    name=("Kzvqmira", "Xjwylund"),
    business="Qwzhx Burritos",
    street="7741 Vlkzqx Lane",
    instructions="ring at Bqzwkx twice",
)
#: What is searched, fault by fault, and whether personal data counts there.
CHANNELS = {
    "logs of every library at DEBUG": (110, True),
    "stdout and stderr, with http.client's own debugging": (110, True),
    "warnings": (110, True),
    "repr, str and format of values": (111, True),
    "asdict, vars, copies, pickles and all that hangs on values": (111, False),
    "text, arguments, notes and chains of errors": (111, True),
    "pickles of errors": (111, True),
    "exchanges and summaries of observers": (111, True),
    "journals in files, and support cases made of them": (111, True),
    "tracebacks with locals, of traceback, rich and Sentry": (112, True),
    "command line, environment and stderr of the command": (116, True),
}
(LOG, OUTPUT, WARNED, TEXTS, INSIDES, ERRORS, PICKLES, OBSERVED, KEPT, FRAMES, PROCESS) = CHANNELS


class Capture:
    """
    Keep all that is printed and logged while it is entered, and what is handed to it.
    """

    def __init__(self):
        self.shown = defaultdict(list)
        self.names = defaultdict(set)

    @contextlib.contextmanager
    def everything(self):
        texts = {LOG: io.StringIO(), OUTPUT: io.StringIO()}
        handler = logging.StreamHandler(texts[LOG])
        root, kept = logging.getLogger(), {}
        loggers = [root, *map(logging.getLogger, list(root.manager.loggerDict))]
        for one in loggers:
            kept[one] = one.level, one.propagate, one.disabled
            one.level, one.propagate, one.disabled = logging.DEBUG, True, False
        root.addHandler(handler)
        http.client.HTTPConnection.debuglevel = 1
        try:
            with (
                contextlib.redirect_stdout(texts[OUTPUT]),
                contextlib.redirect_stderr(texts[OUTPUT]),
                warnings.catch_warnings(record=True) as warned,
            ):
                warnings.simplefilter("always")
                yield self
        finally:
            http.client.HTTPConnection.debuglevel = 0
            root.removeHandler(handler)
            for one, (level, propagate, disabled) in kept.items():
                one.level, one.propagate, one.disabled = level, propagate, disabled
        self.shown[WARNED] += [("", str(one.message)) for one in warned]
        for channel, text in texts.items():
            self.shown[channel].append(("", text.getvalue()))

    def value(self, value, *, inside=True):
        name = type(value).__name__
        self.names[TEXTS].add(name)
        self.shown[TEXTS] += shown_by_value(value, inside=False)
        if inside:
            self.names[INSIDES].add(name)
            self.shown[INSIDES] += shown_by_value(value)

    def error(self, error):
        name = type(error).__name__
        for channel in (ERRORS, PICKLES, FRAMES):
            self.names[channel].add(name)
        self.shown[ERRORS] += shown_by_error(error, frames=False)
        self.shown[FRAMES] += shown_by_frames(error)
        # A delivery that the error carries is asked for by name: its data may be in there.
        carries = getattr(error, "delivery", None) is not None
        self.shown[INSIDES if carries else PICKLES].append((name, pickle.dumps(error)))

    def observed(self, seen):
        self.names[OBSERVED].add(type(seen).__name__)
        self.shown[OBSERVED] += shown_by_value(seen)

    def kept(self, path):
        """
        Take what is in a journal's file: text in ASCII, between bytes of its own.
        """
        self.shown[KEPT].append((path.name, path.read_bytes().decode("latin-1")))

    def case(self, case):
        self.shown[KEPT] += [("Markdown", case.to_markdown()), ("JSON", case.to_json())]

    def observer(self):
        return types.SimpleNamespace(on_exchange=self.observed, on_call=self.observed)


class Wire:
    """
    A pool that tells which credentials went out, and holds nothing of them itself.
    """

    def __init__(self, show, tell):
        self._pool, self._show, self._tell = HttpPool(), show, tell

    def send(self, request, base_url, call):
        for name, value in request.headers.items():
            if name.lower() != "content-type":
                self._tell(value)
        self._show(request, inside=False)
        response = self._pool.send(request, base_url, call)
        self._show(response, inside=False)
        return response

    def close(self):
        self._show(self._pool)
        self._pool.close()


class Shop:
    """
    Ask one client, sync or async, for everything, and keep what it gives and raises.
    """

    def __init__(self, client, capture):
        self._client, self._capture = client, capture
        self._loop = asyncio.new_event_loop()
        self.done = set()

    def ask(self, operation, *given, **options):
        try:
            answer = self._waited(getattr(self._client, operation)(*given, **options))
        except DoorstepError as error:
            self._capture.error(error)
            return None
        for one in answer if isinstance(answer, list) else [answer]:
            self._capture.value(one)
        self.done.add(operation)
        return answer

    def _waited(self, answer):
        return self._loop.run_until_complete(answer) if asyncio.iscoroutine(answer) else answer

    def ask_everything(self, reference, arm):
        request = delivery(reference)
        quotes = self.ask("quote", request)
        self.ask("quote", request)
        booked = self.ask("dispatch", request, quote=quotes[0] if quotes else None)
        where = f"{self._client.provider}/{self._client.account}"
        known = booked.id if booked else f"{where}/{reference}"
        stop = models.StopChanges(instructions=PERSONAL.reveal("instructions"))
        self.ask("track", known)
        self.ask("update", known, models.Changes(dropoff=stop))
        self.ask("refund", known, models.RefundReason.DELIVERED_LATE)
        self.ask("find", reference)
        self.ask("cancel", known)
        self.ask("track", f"{where}/nobody-knows-this")
        arm("rst_after")
        self.ask("dispatch", delivery(f"{reference}-lost"))
        arm("timeout_after")
        self.ask("dispatch", delivery(f"{reference}-late"), deadline_s=0.2)
        return self.ask("support_case", known, country="US")

    def close(self):
        self._capture.value(self._client)
        self._capture.value(self._client._session)
        end = self._client.aclose if hasattr(self._client, "aclose") else self._client.close
        self._waited(end())
        self._loop.close()


def simulated():
    """
    Every installed plugin that can be tried here: its provider and its simulator.
    """
    registry = default_registry()
    for name in registry.names():
        with contextlib.suppress(NoSuchProviderError):
            yield registry.provider(name), registry.simulator(name)


class Life:
    """
    What was shown while every plugin was asked for everything, and what must not be in it.
    """

    def __init__(self, folder):
        self.capture, self.secrets, self.done = Capture(), set(), {}
        self._folder = folder
        with self.capture.everything():
            for provider, simulator in simulated():
                self._live(provider, simulator)
        self.canaries = Canaries(secret=self.secrets)

    def _live(self, spec, simulator):
        with (
            running(simulator) as carrier,
            running(simulator) as other,
            serving() as mirror,
            serving(untrusted()) as tls,
        ):
            self._misspell(spec, carrier)
            self._command(spec, carrier)
            own = f"http://127.0.0.1:{mirror.server_port}"
            bad = f"https://localhost:{tls.server_port}"
            for connect in (doorstep.connect, doorstep.connect_async):
                kind = connect.__name__
                done = self._ask(connect, spec, carrier, "r1", arm=partial(arm, carrier))
                self.done[spec.name, kind] = done
                self._ask(connect, spec, carrier, "r2", sign=other)
                self._ask(connect, spec, carrier, "r3", base_url=bad, clock=ManualClock())
                for mirror.status in (200, 400, 409, 500)[:: 1 if kind == "connect" else 3]:
                    self._ask(connect, spec, carrier, "r4", base_url=own, clock=ManualClock())
        for path in self._folder.glob("r*.db"):
            self.capture.kept(path)

    def _ask(self, connect, spec, carrier, reference, *, sign=None, arm=None, clock=None, **other):
        self._note(spec, sign or carrier)
        wire = Wire(self.capture.value, self._tell)
        given = {**(sign or carrier).credentials(), "base_url": carrier.base_url, **other}
        path = self._folder / f"{reference}.db"
        with SqliteJournal(path) as journal:
            client = connect(
                spec.name,
                pool=wire,
                observers=[self.capture.observer(), journal],
                clock=clock,
                **given,
            )
            shop = Shop(client, self.capture)
            told = f"{reference}-{connect.__name__}"
            case = shop.ask_everything(told, arm or (lambda fault: None))
            shop.close()
        self.capture.case(case)
        wire.close()
        return shop.done

    def _misspell(self, spec, carrier):
        try:
            doorstep.connect(spec.name, **carrier.credentials(), misspelt=1)
        except DoorstepError as error:
            self.capture.error(error)

    def _command(self, spec, carrier):
        config, request = self._folder / "config.toml", self._folder / "request.json"
        config.touch(0o600)
        lines = [f"{key} = {json.dumps(one)}\n" for key, one in carrier.credentials().items()]
        config.write_text(f"[{spec.name}]\n{''.join(lines)}")
        request.write_text(doorstep.to_json(delivery("r5")))
        words = ["quote", spec.name, "--request", str(request), "--config", str(config)]
        self.capture.shown[PROCESS].append(("", watched(words, self._folder)))

    def _note(self, spec, carrier):
        values = load(spec.settings, spec.name, keywords=carrier.credentials(), environ={})
        held = [getattr(values, field.name) for field in attrs.fields(spec.settings)]
        self.secrets |= {one.reveal() for one in held if isinstance(one, Secret)}
        self.capture.value(values)
        self.capture.value(spec.build("default", values))

    def _tell(self, header):
        # Of a token in parts, the signature alone is as good as the whole.
        self.secrets |= {one for one in re.split(r"[ .]", header) if len(one) > 16}


def delivery(reference):
    given, family = PERSONAL._values["name"]
    address = models.Address(one_line=f"{PERSONAL.reveal('street')}, Seattle, WA 98101")
    phone = PERSONAL.reveal("phone")
    return models.DeliveryRequest(
        reference=reference,
        pickup=models.Stop(
            address=address,
            contact=models.Contact(business=PERSONAL.reveal("business"), phone=phone),
        ),
        dropoffs=models.Stop(
            address=address,
            contact=models.Contact(given=given, family=family, phone=phone),
            instructions=PERSONAL.reveal("instructions"),
            items=[models.Item(name="Burrito", quantity=1)],
        ),
        order_value=models.Money(2000, "USD"),
        tip=models.Money(300, "USD"),
    )


_SUMMARY = CallSummary(
    provider="acme",
    account="default",
    operation="track",
    call_id="c",
    outcome=Outcome.NOT_SENT,
    error=None,
    elapsed_s=0.0,
    attempts=0,
    cancelled=False,
)


@attrs.frozen
class Leaky:
    """
    What everybody writes at first.
    """

    key: str
    hidden: str = attrs.field(repr=False, default=attrs.Factory(lambda self: self.key, True))


class Planted:
    """
    The same channels with a canary in each of them.
    """

    def __init__(self, canaries, folder):
        self.capture, self.canaries = Capture(), canaries
        self._folder = folder
        with self.capture.everything(), serving() as mirror:
            for name in canaries.names:
                self._plant(canaries.reveal(name), mirror.server_port)
        found = watched([], folder, {"CANARY": " ".join(map(canaries.reveal, canaries.names))})
        self.capture.shown[PROCESS].append(("", found))

    def _plant(self, text, port):
        logging.getLogger("urllib3.connectionpool").debug("GET %s", text)
        wire = http.client.HTTPConnection("127.0.0.1", port)
        wire.request("GET", "/", headers={"Authorization": text})
        wire.getresponse().read()
        wire.close()
        warnings.warn(text, stacklevel=1)
        self.capture.value(Leaky(text))
        self.capture.observed(Leaky(text))
        path = self._folder / "planted.db"
        with SqliteJournal(path) as journal:
            journal.on_call(attrs.evolve(_SUMMARY, reference=text))
        self.capture.kept(path)
        try:
            raise ValueError(text)
        except ValueError as error:
            self.capture.error(error)
