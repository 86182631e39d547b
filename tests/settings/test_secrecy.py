"""
No credential comes out with an error, however the settings go wrong.
"""

from __future__ import annotations

import pickle
import traceback
import warnings

import attrs
import pytest

from doorstep.errors import FieldProblem, SettingsError, ValidationError
from doorstep.secret import Secret
from doorstep.settings import InsecureConfigWarning, accounts, allowed_plugins, load, try_load

CANARY = "canary-7f3e9d21"


def shown(error) -> str:
    """
    Everything that a log, a crash reporter or a pickle would have of *error*.
    """
    texts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        texts += [str(error), repr(error), repr(error.args), repr(vars(error))]
        texts += traceback.TracebackException.from_exception(error, capture_locals=True).format()
        texts.append(repr(pickle.dumps(error)))
        error = error.__context__ or error.__cause__
    return "\n".join(texts)


def _caught(call, kind=SettingsError):
    try:
        call()
    except kind as error:
        return error
    pytest.fail("nothing was raised")


def _tell(how):
    def check(instance, attribute, value):
        text = value.reveal()
        raise {
            "value": ValueError(text),
            "type": TypeError(f"got {text!r}"),
            "other": RuntimeError(text),
            "ours": ValidationError(text, fields=(FieldProblem(text, f"not {text}"),)),
            "upper": ValidationError("x", fields=(FieldProblem("x", f"not {text.upper()}"),)),
            "part": ValidationError("x", fields=(FieldProblem("x", f"begins {text[:6]}..."),)),
        }[how]

    return check


def _telling(how):
    return attrs.make_class(
        f"Telling{how}", {"key": attrs.field(type=Secret, validator=_tell(how))}, frozen=True
    )


class Converting:
    @staticmethod
    def convert(value):
        raise ValueError(value.reveal())


@attrs.frozen(kw_only=True)
class Strict:
    key: Secret
    count: int = 1
    text: str = "t"
    converted: Secret | None = attrs.field(
        default=None, converter=attrs.converters.optional(Converting.convert)
    )


ENVIRONS = {
    "missing": {"DOORSTEP_BOLT_KEY": CANARY, "HOME": CANARY},
    "space": {"DOORSTEP_ACME_KEY": CANARY + " "},
    "control": {"DOORSTEP_ACME_KEY": CANARY + "\n" + CANARY},
    "number": {"DOORSTEP_ACME_KEY": "k", "DOORSTEP_ACME_COUNT": CANARY},
    "text": {"DOORSTEP_ACME_KEY": "k", "DOORSTEP_ACME_TEXT": CANARY + "\t"},
    "twice": {"DOORSTEP_ACME_KEY": CANARY, "DOORSTEP_ACME__DEFAULT__KEY": CANARY},
    "file": {"DOORSTEP_ACME_KEY_FILE": CANARY},
    "nul": {"DOORSTEP_ACME_KEY_FILE": CANARY + "\x00"},
    "converter": {"DOORSTEP_ACME_KEY": "k", "DOORSTEP_ACME_CONVERTED": CANARY},
}

TOMLS = {
    "syntax": f'[acme]\nkey = "{CANARY}\n',
    "twice": f'[acme]\nkey = "{CANARY}"\nkey = "{CANARY}"\n',
    "unknown": f'[acme]\nkey = "{CANARY}"\nkye = "{CANARY}"\n',
    "type": f'[acme]\nkey = ["{CANARY}"]\n',
    "shape": f'[acme]\nkey = "{CANARY}"\naccounts = "{CANARY}"\n',
    "table": f'acme = "{CANARY}"\n',
    "number": f'[acme]\nkey = "k"\ncount = "{CANARY}"\n',
}


@pytest.mark.parametrize("case", sorted(ENVIRONS))
def test_f112_wrong_variable_shows_no_value(case):
    """
    Neither the value nor the rest of the environment is in message, chain or locals.
    """
    error = _caught(lambda: load(Strict, "acme", environ=ENVIRONS[case]))

    assert CANARY not in shown(error)
    assert error.__context__ is None


@pytest.mark.parametrize("case", sorted(TOMLS))
def test_f112_wrong_file_shows_no_value(toml, case):
    """
    Neither a parser's text nor its frames come out.
    """
    path = toml(TOMLS[case])
    error = _caught(lambda: load(Strict, "acme", environ={}, config=path))

    assert CANARY not in shown(error)
    assert error.__context__ is None


@pytest.mark.parametrize("how", ["value", "type", "other", "ours", "upper", "part"])
def test_f112_rule_of_a_plugin_that_quotes_the_value_is_not_told(how):
    """
    What a validator says is told only if no part of the secret is in it.
    """
    environ = "DOORSTEP_ACME_KEY"
    error = _caught(lambda: load(_telling(how), "acme", environ={environ: CANARY}))
    text = shown(error).lower()

    assert CANARY not in text
    assert "begins canary" not in text
    assert "key is refused by the provider's own rule" in str(error)


@pytest.mark.parametrize("keywords", [{"key": CANARY, "kye": CANARY}, {"key": 1, "text": [CANARY]}])
def test_f112_plain_keywords_are_forgotten_before_the_error_is_raised(keywords):
    """
    The frames of load() hold no keyword, even if the caller gave it as plain text.
    """
    error = try_load(Strict, "acme", keywords=keywords, environ={})
    del keywords
    raised = _caught(lambda: _raise(error))

    assert CANARY not in shown(raised)


def test_f112_frames_of_load_hold_no_keyword():
    """
    load() itself forgets them as well.
    """
    error = _caught(lambda: load(Strict, "acme", keywords={"key": CANARY, "kye": 1}, environ={}))

    assert CANARY not in shown(error)


def _raise(error):
    raise error


def test_f112_warning_turned_into_an_error_shows_no_value(toml):
    """
    A strict shop turns warnings into errors: the frame that warns is clean too.
    """
    path = toml(f'[acme]\nkey = "{CANARY}"\n', 0o644)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = _caught(
            lambda: load(Strict, "acme", environ=ENVIRONS["missing"], config=path),
            InsecureConfigWarning,
        )

    assert CANARY not in shown(error)


@pytest.mark.parametrize("text", [f'plugins = "{CANARY}"', f'[plugins]\nallow = ["{CANARY}"]'])
def test_f112_wrong_allow_list_shows_no_value(toml, text):
    """
    The lists are read from the same file, and as silently.
    """
    path = toml(f'{text}\n[acme]\nkey = "{CANARY}"\naccounts = 3\n')
    if text.startswith("plugins"):
        path.write_text(text)
    environ = ENVIRONS["missing"]
    errors = [_caught(lambda: allowed_plugins(path, ENVIRONS["missing"]))]
    if "acme" in path.read_text():
        errors.append(_caught(lambda: accounts("acme", ENVIRONS["missing"], path)))
    del environ

    assert all(CANARY not in shown(error) for error in errors)


def _interrupt(value):
    raise KeyboardInterrupt


def test_f112_interrupt_shows_no_value_on_its_way(monkeypatch, toml):
    """
    Ctrl-C passes through all frames while they work: what they hold is opaque.
    """
    monkeypatch.setenv("DOORSTEP_ACME_KEY", CANARY)
    monkeypatch.setenv("DOORSTEP_ACME_OTHER", CANARY)
    path = toml(f'[acme]\nthird = "{CANARY}"\n')
    fields = {name: attrs.field(type=Secret) for name in ("key", "other", "third")}
    fields["last"] = attrs.field(type=int, default=1, converter=_interrupt)
    kind = attrs.make_class("Interrupted", fields, repr=False)
    error = _caught(lambda: load(kind, "acme", config=path), KeyboardInterrupt)

    assert CANARY not in shown(error)


def test_f111_settings_show_no_secret():
    """
    What was loaded can be printed, compared and copied to a dict without showing it.
    """
    found = load(Strict, "acme", environ={"DOORSTEP_ACME_KEY": CANARY})

    assert CANARY not in repr(found) + str(attrs.asdict(found))
    assert CANARY == found.key.reveal()
