r"""
Text that breaks software, by kind, to try on whatever takes text.

For a plugin's mapping and for a shop's own forms::

    @pytest.mark.parametrize("text", EVERY_NAUGHTY_STRING, ids=ascii)
    def test_checkout_takes_or_refuses(text): ...

:func:`texts_of` finds every text of a value and :func:`with_text` puts another in its
place, so that each can be tried in each.

Whoever takes one keeps it unchanged; whoever does not says so by an error of its
own. Nothing between the two is right: no crash, no trimming, no ``?`` in its place.
Halves of surrogate pairs are among them, which no UTF-8 can carry.
"""

# ruff: noqa: RUF001  ambiguous letters are the point
from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import attrs

__all__ = ["EVERY_NAUGHTY_STRING", "NAUGHTY_STRINGS", "texts_of", "with_text"]

#: Names of fields and places in tuples, from the outside in.
Place: TypeAlias = tuple[str | int, ...]


def _chars(*ranges: tuple[int, int]) -> list[str]:
    return [chr(point) for first, last in ranges for point in range(first, last + 1)]


def _inside(letters: Iterable[str]) -> list[str]:
    """
    Put each between two letters: an id or a name that is good but for it.
    """
    return [f"a{letter}b" for letter in letters]


def _apart(text: str) -> list[str]:
    """
    Split where the line ends or three blanks stand.
    """
    return [one for row in text.strip("\n").split("\n") for one in row.split("   ")]


_CONTROLS = _chars((0x00, 0x1F), (0x7F, 0x7F))
_C1 = _chars((0x80, 0x9F))
_BLANKS = [*"\t\n\x0b\x0c\r \x85\xa0", *_chars((0x1680, 0x1680), (0x2000, 0x200A))]
_BLANKS += _chars((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000))
_BIDI = _chars((0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069))
_INVISIBLE = _chars((0x200B, 0x200D), (0x2060, 0x2064), (0x206A, 0x206F), (0xFFF9, 0xFFFC))
_INVISIBLE += [*"\xad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180e\u2800\u3164\ufe00\ufe0f\ufeff"]
_INVISIBLE += [*"\uffa0\U0001d173\U000e0001\U000e0020\U000e0041\U000e007f\U000e0100"]
_NONCHARACTERS = _chars((0xFDD0, 0xFDEF))
_NONCHARACTERS += [
    chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)
]
_MARKS = [chr(point) for point in range(0x0300, 0x0370)]

_HOMOGLYPHS = """
\u0410da Ad\u0430 \u0391da \uff21\uff44\uff41 \U0001d400\U0001d41d\U0001d41a \U0001d5a0da
\u24b6\u24d3\u24d0 \u0251da o\u0280der-1 \u043erder-1 order\u20101 order\u20131 order\u22121
order\u2212\uff11 \u2039a\u203a \u02bcquote\u02bc a\u2215b a\u29f8b a\uff0fb a\uff3cb
\uff0e\uff0e \u2024\u2024 \u2025 a\u037eb a\u0589b a\uff1ab \u0131d \u1e9e 0O\u041e\u039f
1Il|\u2223\u01c0
"""
_HOMOGLYPHS_WITH_BLANKS = """
1\u2044 2   \u2126 \u212a \u212b   rn m \u217f
"""

_INJECTIONS = """
`id` $(id) a\\nb ${HOME} %HOME% ~root * ?*[a-z] --help -rf - -- @file !1 %s%s%s%n %n%x%d
%(name)s % %% {} {0} {0.__class__} {name!r:>9999} {{7*7}} ${7*7} #{7*7} [[7*7]]
{{constructor.constructor('x')()}} ${jndi:ldap://127.0.0.1/a} <script>alert(1)</script>
"><script>alert(1)</script> <svg/onload=alert(1)> javascript:alert(1) data:text/html,x <!-- ]]>
<![CDATA[x]]> &lt;b&gt; &#0; &amp; <b>bold </textarea> *)(uid=*))(|(uid=* (&(a=b)) ["a"] "a" " '
\\ \\\\ \\" \\' \\0 \\x00 \\u0000 \\ud800 \\u202e [red]x[/red] [link=file:///]x[/link] =1+1 +1+1
-1+1 @SUM(1) =HYPERLINK("http://127.0.0.1") a,b;c "a","b" __proto__ constructor toString
__class__ __init__ self
"""
_INJECTIONS_WITH_BLANKS = """
' OR '1'='1   '; DROP TABLE deliveries; --   " OR ""="   1); DELETE FROM items WHERE (1=1
%' AND 1=0 UNION SELECT NULL --   ; id   | id   & id   && id #   > /dev/null   <%= 7*7 %>
{% raw %}   <img src=x onerror=alert(1)>   <a href="javascript:alert(1)">x</a>
<?xml version="1.0"?>   <!DOCTYPE x [<!ENTITY a "b">]>&a;   ' or count(/*)=0 or '   {"$gt": ""}
{"a": 1}   **bold** _it_ `code`   # heading   | a | b |   =cmd|' /C calc'!A0
"""

_PATHS = """
. .. ... / // a/b a/../b ../../../../etc/passwd /etc/passwd ..%2f %2e%2e %2e%2e%2f %252e%252e
%00 %0a %0d%0aX-Injected:%201 %ff %u0000 ..;/ ..\\.. C:\\Windows \\\\host\\share
file:///etc/passwd http://127.0.0.1/ //127.0.0.1 a?b=c a#b a&b=c a=b a;b a:b a@b user:pass@host
a+b ~ ~a .a a. a..b -a _a a%
"""

_NUMBERS = """
0 -0 +0 00 007 1 -1 +1 1.0 1.00 .5 5. 1,000 1.000,00 1_000 1e3 1E400 1e-400 -1e308 0x1F 0b1 0o7
1/2 1/0 NaN nan -nan Infinity -Infinity inf 1.#INF 127 128 255 256 32767 65536 2147483647
2147483648 -2147483649 4294967296 9007199254740993 9223372036854775807 9223372036854775808
18446744073709551616 1.7976931348623159e308 0.1000000000000000055511151231257827 $1.00 1e e1 ++1
1-1 ١٢٣ १२३ １２３ ² ½ Ⅷ 一 19.99 +16505555555 00491511234567 911 1-800-FLOWERS 94103 01234
"""

_WORDS = """
null NULL Null nil Nil None none undefined void NA N/A n/a #N/A missing unknown (null) <null>
\\N true True TRUE false False yes no on off y n t f ~null const if then class import lambda CON
PRN AUX NUL COM1 LPT1 nul.txt admin root test localhost default fake select Test O'Brien
Scunthorpe Penistone
"""
_WORDS_WITH_BLANKS = """
Null Island   Van der Berg   Mc Donald   D'Arcy-O'Neill, Jr.
"""

_DATES = """
2026-02-29 2026-02-30 2024-02-29 0000-00-00 0001-01-01 9999-12-31 10000-01-01
1970-01-01T00:00:00Z 1969-12-31T23:59:59Z 2038-01-19T03:14:08Z 2026-11-22T12:00:00
2026-11-22T24:00:00Z 2026-11-22T23:59:60Z 2026-11-22T12:00:00+25:00
2026-11-22T12:00:00.123456789Z 2026-W05-2 2026-326 22/11/2026 11/22/26 22.11.2026 12:00 25:61
tomorrow 1795348800 -1 P1D
"""

_SCRIPTS = """
علی‌رضا 王小明 東京都千代田区1-1 김철수 ကိုအောင် ខ្មែរ क्षत्रिय தமிழ் ಠ_ಠ გიორგი Ἀθῆναι Þórður ﷺ ᏣᎳᎩ
ᚠᛇᚻ 𓀀 𠜎𠜱 🀄 ‘’“”„‟ €£¥₹₿¤ ‽⁂†‡ →⇒∀∂∈ℝ∧∪
"""
_SCRIPTS_WITH_BLANKS = """
محمد عبد الله   שרה כהן   אבג abc דהו 123   مرحبا 123 hello   Đặng Thị Hồng   สมชาย ใจดี
Юрий Гагарин   İstanbul ıI   Straße STRASSE   Œuvre æ ø å   ﬁ ﬂ ﬃ   Ǆ ǅ ǆ   ŉ ǰ ΐ   ſ ς σ   𐐷 𐐏
©®™ ¡¿ «»   – — ― …
"""

_EMOJI = [
    "\U0001f600",
    "\U0001f44d\U0001f3fd",
    "\u2764\ufe0f",
    "\u2764",
    "\u263a\ufe0e",
    "1\ufe0f\u20e3",
    "#\u20e3",
    "\U0001f1eb\U0001f1f7",
    "\U0001f1eb",
    "\U0001f1eb\U0001f1f7\U0001f1eb",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\U0001f3f3\ufe0f\u200d\U0001f308",
    "\U0001f469\U0001f3ff\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468\U0001f3fb",
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "\U0001f3fd",
    "\u200d\U0001f469",
    "\U0001f469\u200d",
    "\U0001fae0",
    "(\u256f\u00b0\u25a1\u00b0)\u256f\ufe35 \u253b\u2501\u253b",
    "\u00af\\_(\u30c4)_/\u00af",
]

#: The same to a reader, not the same to a computer.
_NORMAL = [
    form
    for text in ("é", "Å", "ñ", "ﬁ", "ự", "한", "①", "Ⅸ", "½", "ẛ̣", "㎏", "゙か", "が", "שּׁ")
    for form in sorted({unicodedata.normalize(kind, text) for kind in ("NFC", "NFD", "NFKD")})
]
_ESCAPES = [
    "[31mred",
    "[2J",
    "[H",
    "]0;title\x07",
    "]8;;http://127.0.0.1\x07x",
    "P1$r",
    "c",
    "[?25l",
]
_ESCAPES = [
    "\x1b" + one for one in [*_ESCAPES, "[6n", "]52;c;YQ==\x07", "[1A[2K", "(0", "^x\x1b\\"]
]
_SURROGATES = [
    "\ud800",
    "\udbff",
    "\udc00",
    "\udfff",
    "a\ud83d",
    "\ude00a",
    "\ude00\ud83d",
    "\udc80",
    "ca\udce9",
    "\ud83d" + "\ude00",
]
_MESSAGES = ["a\r\nX-Injected: 1", "a\r\n\r\nGET / HTTP/1.1", "a\nb", "a\rb", "a\n", "\na", "a\t"]
_MESSAGES += [" a", "a ", "a  b", "a\n\n\nb", "a\r\n", "2026-11-22 ERROR forged\nline", "a\x00\n"]
_BYTES = [
    "Ã©",
    "â€™",
    "ï»¿a",
    "\ufeffa",
    "\ufffd",
    "a\ufffdb",
    "\xff\xfe",
    "þÿ",
    "=?utf-8?q?a?=",
    "+AGE-",
]

#: Kind to the strings of that kind; all are short but those of the kind ``long``.
NAUGHTY_STRINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        kind: tuple(texts)
        for kind, texts in {
            "empty or blank": ["", *_BLANKS, "   ", " \t\r\n", "\u2003\u3000"],
            "blank inside": _inside(_BLANKS),
            "control characters": [*_CONTROLS, *_inside(_CONTROLS)],
            "second control characters": [*_C1, *_inside(_C1)],
            "line ends and headers": _MESSAGES,
            "bidirectional controls": [*_inside(_BIDI), "exe.\u202egnp", "\u2067a\u2066b\u2069"],
            "invisible": _inside(_INVISIBLE),
            "nothing but invisible": [*_INVISIBLE, "\u200b\u200c\u200d", "\u200e\u200f"],
            "combining": ["\u0301", "e\u0301", "\u0301e", "a\u0336b\u0336", "\u20dd", "a\u0488"],
            "heaped marks": ["Z" + "".join(_MARKS[:n]) + "a" for n in (5, 20, 60, 112)],
            "normal forms": _NORMAL,
            "homoglyphs": [*_HOMOGLYPHS.split(), *_apart(_HOMOGLYPHS_WITH_BLANKS)],
            "emoji": _EMOJI,
            "scripts": [*_SCRIPTS.split(), *_apart(_SCRIPTS_WITH_BLANKS)],
            "punctuation": [*string.punctuation, *_inside(string.punctuation)],
            "injections": [*_INJECTIONS.split(), *_apart(_INJECTIONS_WITH_BLANKS)],
            "paths and links": [*_PATHS.split(), "a b"],
            "terminal escapes": [*_ESCAPES, "\x9b31mred", "\x9d0;title\x9c", "a\x08\x08b", "\x07"],
            "numbers": [*_NUMBERS.split(), "1 USD", "+1 650 555 5555;ext=1"],
            "words": [*_WORDS.split(), *_apart(_WORDS_WITH_BLANKS)],
            "dates": [*_DATES.split(), "12 am"],
            "broken bytes": _BYTES,
            "halves of surrogate pairs": _SURROGATES,
            "no characters": _inside(_NONCHARACTERS),
            "private and unassigned": _inside("\ue000\uf8ff\U000f0000\u0378\u2fe0\U000e01f0"),
            "long": ["x" * n for n in (64, 65, 128, 129, 255, 256, 257, 512, 513, 2000, 2001)]
            + ["x" * 10_000, "é" * 10_000, "\U0001f600" * 5_000, "a " * 5_000, "/" * 10_000],
        }.items()
    }
)
#: All of them, each once, in the order of their kinds.
EVERY_NAUGHTY_STRING: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(one for texts in NAUGHTY_STRINGS.values() for one in texts)
)


def texts_of(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """
    Yield every text in a neutral value or an extension, with where it stands.

    Members of an enumeration are no texts: nobody writes them.
    """
    if type(value) is str:
        yield place, value
    elif type(value) is tuple:
        for index, one in enumerate(value):
            yield from texts_of(one, (*place, index))
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from texts_of(getattr(value, field.name), (*place, field.name))


def with_text(value: Any, place: Place, text: object) -> Any:
    """
    Return a copy of *value* with *text* at *place*.

    Raises:
        doorstep.errors.ValidationError:
            The field refuses it.
    """
    if not place:
        return text
    first, rest = place[0], place[1:]
    if isinstance(first, int):
        changed = with_text(value[first], rest, text)
        return (*value[:first], changed, *value[first + 1 :])
    return attrs.evolve(value, **{first: with_text(getattr(value, first), rest, text)})
