"""
All checks in their order, causes before effects; each by itself, and timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import attrs

from doorstep import settings
from doorstep.cli._checkup import _here
from doorstep.cli._checkup._accounts import Account, Opened, base_url_check, is_local
from doorstep.cli._checkup._asking import (
    Heard,
    ask,
    clock_check,
    credentials_check,
    endpoint_of,
)
from doorstep.cli._checkup._check import Check, Status, Topic
from doorstep.cli._checkup._plugins import plugin_check
from doorstep.cli._checkup._tls import tls_check
from doorstep.errors import DoorstepError
from doorstep.http import HttpPool, SystemClock
from doorstep.http._tls import shared_context
from doorstep.registry import InstalledPlugin, Registry, default_registry

__all__ = ["Checkup"]

_HTTPS = 443


@attrs.frozen(kw_only=True)
class Checkup:
    """
    What is to be looked at.

    Args:
        carrier, account:
            Only those, where they are given.

        config:
            The TOML file with settings, beside the environment.

        time_limit_s:
            Seconds for each import and each question.
    """

    carrier: str | None = None
    account: str | None = None
    config: Path | None = None
    time_limit_s: float = 10.0

    def run(self) -> Iterator[Check]:
        """
        Yield what is found, check by check.
        """
        yield _timed(_here.interpreter)
        yield _timed(_here.versions)
        try:
            allowed = settings.allowed_plugins(self.config)
        except DoorstepError as error:
            yield Topic("allow_list").failed_by(error)
            return
        found = default_registry(allowed)
        yield _timed(lambda: _here.allow_list(allowed, found.installed()))
        for name in self._names(found):
            yield from self._plugin(found, name)

    def _names(self, found: Registry) -> Sequence[str]:
        return found.names() if self.carrier is None else (self.carrier,)

    def _plugin(self, found: Registry, name: str) -> Iterator[Check]:
        claims = [one for one in found.installed() if one.name == name]
        checked = self._import(found, name, claims)
        yield checked
        if checked.status is Status.OK and checked.facts.get("provider", True):
            yield from self._accounts(found, name)

    def _import(self, found: Registry, name: str, claims: Sequence[InstalledPlugin]) -> Check:
        if claims:
            return _timed(lambda: plugin_check(name, claims, self.time_limit_s))
        topic = Topic("plugin", name)
        try:
            found.provider(name)  # nothing is installed under that name, so nothing is imported
        except DoorstepError as error:
            return topic.failed_by(error)
        return topic.ok("registered by this process")

    def _accounts(self, found: Registry, name: str) -> Iterator[Check]:
        topic, others = Topic("accounts", name), found.names()
        try:
            spec = found.provider(name)
            known = settings.accounts(name, config=self.config, others=others, kind=spec.settings)
        except DoorstepError as error:
            yield topic.failed_by(error)
            return
        if known:
            yield topic.ok(", ".join(known), accounts=known)
        else:
            advice = f"set DOORSTEP_{name.upper()}_..., if you want to use it"
            yield topic.skipped("no account is configured", advice)
        wanted = known or (() if self.carrier is None else ("default",))
        for account in wanted if self.account is None else (self.account,):
            own = Account(spec=spec, name=account, config=self.config, others=others)
            yield from self._account(own)

    def _account(self, account: Account) -> Iterator[Check]:
        started = time.perf_counter()
        checked, opened = account.open()
        yield _since(started, checked)
        if opened is None:
            return
        base_url = endpoint_of(opened.provider).base_url
        yield base_url_check(account.subject, base_url)
        way = _timed(lambda: self._tls(account.subject, base_url))
        yield way
        if way.status is Status.FAILED:
            for check in ("clock", "credentials"):
                yield Topic(check, account.subject).skipped("there is no way to the carrier")
            return
        yield from self._ask(account.subject, opened)

    def _tls(self, subject: str, base_url: str) -> Check:
        parts = urlsplit(base_url)
        if parts.scheme == "http" and is_local(parts):
            return Topic("tls", subject).skipped("not used on this machine")
        return tls_check(
            subject,
            parts.hostname or "",
            parts.port or _HTTPS,
            context=shared_context(),
            now=SystemClock().now(),
            time_limit_s=self.time_limit_s,
        )

    def _ask(self, subject: str, opened: Opened) -> Iterator[Check]:
        started = time.perf_counter()
        with HttpPool(connect_timeout_s=self.time_limit_s) as pool:
            heard = Heard(pool)
            error = ask(opened.provider, heard, SystemClock(), self.time_limit_s)
        store = not opened.provider.capabilities.deliveries
        checked = credentials_check(subject, error, opened.secrets, store=store)
        asked = _since(started, checked)
        yield clock_check(subject, heard.answers)
        yield asked


def _timed(look: Callable[[], Check]) -> Check:
    started = time.perf_counter()
    return _since(started, look())


def _since(started: float, checked: Check) -> Check:
    return attrs.evolve(checked, elapsed_s=time.perf_counter() - started)
