"""
Every kind of JSON, good and bad: read exactly, or refused as none.
"""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from doorstep.codec import decode
from doorstep.errors import InvalidAnswerError


@attrs.frozen
class Nothing:
    """
    A wire class that reads no field: only the JSON itself can be wrong.
    """


def texts(*many: str | bytes) -> list[bytes]:
    return [one.encode() if isinstance(one, str) else one for one in many]


def words(line: str) -> list[str]:
    return line.split()


#: What is no JSON, neither alone nor as a member of an object.
BAD: dict[str, list[bytes]] = {
    "sign": texts(*words("- -- +1 ++1 -+1 +-1 --1 -a -x1 -.5 +0"), "- 1", "+ 1", "\u22121"),
    "leading zero": texts(*words("00 01 -01 -012 00.5 0123e1 -00")),
    "another base": texts(*words("0x1F 0X1 0x 0b1 0o7 0xCAFE -0x1 1h #1")),
    "fraction": texts(*words(". .5 1. -1. 0. 1.e3 0.e1 2.e+3 0.1. 1..2 0.1.2 0.3e 1.a 1,5")),
    "exponent": texts(*words("1e 1E 1e+ 1E- 0e 0e+ 1eE2 1ee2 1e1.5 1e5e5 1e+-2 e5 E5 1ex")),
    "spaced number": texts("1 000", "1 .5", "1. 5", "1 e5", "1e 5", "1\u00a0", "1_000", "1'000"),
    "suffixed number": texts(*words("1f 1L 1n 1.5m 1% 12px 1a 1/2 2-1 1+1 0x1p3 1#INF")),
    "other digits": texts("\u0663", "\uff11\uff12", "\u00bd", "\u2460", b"1\xe5", b"0\xff"),
    "no number": texts(*words("NaN nan -NaN Infinity -Infinity +Infinity inf -inf INF $1 (1)")),
    "word": texts(*words("nul nulL Null NULL nil None undefined tru True TRUE fals False yes")),
    "words": texts(*words("truee nullnull a foo _ * @ / ; \\ ` ~ = null; <null>"), "true false"),
    "punctuation": texts(*words(", : ] } ) ( { [ {] [} ,, {, [, [: {[ [{"), "1,", ",1", "1 2"),
    "unterminated text": texts('"', '"a', '"a\\', '"a\\"', '"\\', '"\\\\\\"', '["', '["a', '{"'),
    "unknown escape": texts(*(rf'"\{one}"' for one in "aexv01'UBNRT 𝄞-"), '"\\\n"', b'"\\\xe5"'),
    "short escape": texts(*(rf'"\u{one}"' for one in ("", "0", "00", "004", "{41}", "+041"))),
    "escape that is not hex": texts(*(rf'"\u{one}"' for one in ("00g1", "004G", " 041", "-041"))),
    "half a pair": texts(r'"\ud800\u"', r'"\ud800\u1"', r'"\ud800\ud8"', r'"\ud834\udd"'),
    "escape outside of text": texts(r"\u0022a\u0022", r"[\u000a1]", r"\n", r"\"a\"", r'"a"\n'),
    "quotes": texts("'a'", "'a\"", "`a`", "\u201ca\u201d", '"""a"""', "''", "[a]", "[“]"),
    "joined text": texts('"a" "b"', '"a"b', 'a"b"', '"a"+"b"', '"a""b"', '"a", "b"', '"a"1'),
    "bare control character": [b'"a' + bytes([one]) + b'b"' for one in range(32)],
    "invalid utf-8": [
        b'"' + one + b'"'
        for one in (
            *(b"\xff", b"\xfe", b"\x80", b"\xbf", b"\xe9", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98"),
            *(b"\xc0\x80", b"\xc0\xaf", b"\xc1\xbf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf"),
            *(b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xa0\x80\xed\xb0\x80", b"\xf4\x90\x80\x80"),
            *(b"\xf5\x80\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80"),
        )
    ],
    "commas of lists": texts("[1,]", "[,1]", "[1,,2]", "[,]", "[,,]", "[1 2]", "[[],[]", "[1],"),
    "ends of lists": texts("[1", "[1,", "[[]", "[]]", "[1}", "[1)", "(1]", "[1;2]", "[1:2]", "]["),
    "members of lists": texts('["a":1]', '["":1]', "[-]", "[*]", "[x", "[1 true]", "3[4]", "[..]"),
    "space in lists": texts("[1\x0c]", "[\x0b]", "[\x00]", "[\u00a01]", "[\u20281]", "[\ufeff1]"),
    "keys": texts("{a:1}", "{'a':1}", "{1:1}", "{null:1}", "{true:1}", "{[]:1}", "{{}:1}", "{:1}"),
    "more keys": texts(
        '{"a":1,b:2}', '{"a":1,2:3}', '{"a":1,null:2}', '{"a\\x":1}', "{\U0001f600}"
    ),
    "colons": texts(
        '{"a" 1}', '{"a"=1}', '{"a"=>1}', '{"a"::1}', '{"a"}', '{"a","b"}', '{"a":1:2}'
    ),
    "values": texts('{"a":}', '{"a":,}', '{"a":b}', '{"a":"b}', '{"a":"b"c}', '{"a":1 "b":2}'),
    "commas of objects": texts('{"a":1,}', '{,"a":1}', '{"a":1,,"b":2}', '{"a":1;"b":2}', "{,}"),
    "ends of objects": texts(
        '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1}}', '{"a":1]', '{"a":[}'
    ),
    "comments": texts("1//c", "1/*c*/", "/**/1", "#c", "[1/*,2*/]", '{"a":1/**/}', '{"a":/*1*/2}'),
    "much": texts("{}{}", "{} {}", "[]{}", "{}1", "null{}", "[][]", '{}"a"', "{}#", "{}/", "1\n2"),
    "trailing": texts(
        "{}\x00", "{}\x1a", "{}\u00a0", "{}\u2060", "{}\u2028", "{}\ufeff", b"{}\xff"
    ),
    "leading": texts("\x00{}", "\u3000{}", "\u0085{}", "\x0c{}", "\ufeff{}", "\ufeff", "\x1e{}"),
    "another language": texts("<a/>", "<html>no</html>", "a=1&b=2", "a: 1", "- a", "%PDF", "OK"),
    "guards": texts(
        ")]}',{}", "while(1);{}", "callback({})", "{};", "({})", "data: {}", "for(;;);"
    ),
    "too deep": texts("[" * 100_000, '{"a":' * 100_000, '[{"":' * 50_000, "[" * 900 + "}" * 900),
}
#: What is no JSON alone.
BAD_ALONE: dict[str, list[bytes]] = {
    "nothing": texts("", " ", "\n", "\t\r\n "),
    "utf-16": ['{"a":"é"}'.encode(one) for one in ("utf-16", "utf-16-le", "utf-16-be", "utf-32")],
    "byte order mark": ['{"a":1}'.encode("utf-8-sig"), b"\xfe\xff", b"\xff\xfe", b"\xef\xbb{}"],
    "compressed": [b"\x1f\x8b\x08\x00\x00", b"x\x9c\xab\xae\x05\x00"],
}
GOOD: dict[str, list[bytes]] = {
    "whole": texts(
        *words("0 -0 1 -1 9 10 20 -123 123456789 9007199254740993 -9223372036854775808")
    ),
    "large": texts("9223372036854775807", "18446744073709551615", "-9007199254740993"),
    "fraction": texts(*words("0.0 -0.0 0.1 1.5 -1.5 123.456 0.30000000000000004 1.000 12.3400")),
    "exponent": texts(
        *words("1e2 1E2 1e+2 1E+2 1e-2 1E-2 0e1 0e+1 0E-1 1.5e3 -2.5E-3 20e1 0e00 1e02")
    ),
    "edge": texts(*words("1.7976931348623157e308 5e-324 2.2250738585072014e-308 1e-400")),
    "many digits": texts("0." + "3" * 80, "-0." + "0" * 70 + "1", "1" + "0" * 18, "0." + "0" * 99),
    "word": texts("true", "false", "null"),
    "text": texts('""', '" "', '"a"', '"null"', '"1"', '"/"', '"\'"', '"a/*b*/c"', '"// #"'),
    "brackets in text": texts('"[{]}"', '":"', '","', '"{\\"a\\":1}"', '"<a href=1>"'),
    "escape": texts(*(rf'"\{one}"' for one in ('"', "\\", "/", "b", "f", "n", "r", "t"))),
    "hex escape": texts(
        *(rf'"\u{one}"' for one in ("0041", "00e9", "00E9", "aBcD", "0000", "001f"))
    ),
    "escaped escape": texts(
        r'"\\u0041"', r'"\\n"', r'"\\\""', r'"\\\\"', r'"a\u0022b"', r'"\u005c"'
    ),
    "pair": texts(r'"\ud83d\ude00"', r'"\uD83D\uDE00"', r'"\ud800\udc00"', r'"\udbff\udfff"'),
    "noncharacter": texts(r'"\uFFFF"', r'"\ufdd0"', r'"\ud83f\udffe"', '"\uffff"', '"\U0010ffff"'),
    "bare text": texts('"é"', '"😀"', '"日本"', '"\x7f"', '"\u2028\u2029"', '"\ufeff"', '"\u200b"'),
    "more bare text": texts(
        '"\u202e"', '"e\u0301"', '"\u0080"', '"\ue000"', '"\u0663"', f'"{"a" * 9999}"'
    ),
    "list": texts(
        "[]", "[ ]", "[1]", "[[]]", "[[],[[]]]", "[null]", '[""]', '[1,"a",null,true,[],{}]'
    ),
    "long": texts("[" + "0," * 9999 + "0]", "[" * 90 + "]" * 90, '{"a":' * 90 + "1" + "}" * 90),
    "object": texts("{}", "{ }", '{"":0}', '{"a":{}}', '{"a":[{"b":null}]}', '{"a":1,"b":2}'),
    "key": texts(
        r'{"\u0061":1}', r'{"a\u0000b":1}', '{"é😀":1}', '{"a b":1}', f'{{"{"k" * 999}":1}}'
    ),
    "key given twice": texts(
        '{"a":1,"a":1}', '{"a":1,"a":2}', '{"a":1,"b":2,"a":{}}', '{"":1,"":2}'
    ),
    "space": texts(" 1 ", "\t1\n", "[\r\n1\t,\n2 ]", '{ "a" : 1 , "b" : [ ] }', "[\n\n]", "{\r}"),
}
EVERY_BAD = [
    pytest.param(text, id=f"{kind}-{n}")
    for kind, many in BAD.items()
    for n, text in enumerate(many)
]
EVERY_GOOD = [
    pytest.param(text, id=f"{kind}-{n}")
    for kind, many in GOOD.items()
    for n, text in enumerate(many)
]


def refused(body: bytes) -> str:
    """
    Return what is said of a body that is refused.
    """
    with pytest.raises(InvalidAnswerError) as caught:
        decode(body, Nothing)
    return str(caught.value)


@pytest.mark.parametrize("text", EVERY_BAD)
def test_f038_what_is_no_json_is_refused(text) -> None:
    """
    Nothing that only looks like JSON is read: an invalid answer, alone and inside of one.
    """
    assert "not JSON" in refused(text)
    assert "not JSON" in refused(b'{"id":1,"more":' + text + b"}")


@pytest.mark.parametrize("kind", BAD_ALONE)
def test_f038_body_that_is_no_utf8_json_is_refused(kind) -> None:
    """
    An empty body, another encoding and a byte order mark are invalid answers.
    """
    for text in BAD_ALONE[kind]:
        assert ("empty" if kind == "nothing" else "not JSON") in refused(text)


@pytest.mark.parametrize("text", EVERY_GOOD)
def test_f038_every_kind_of_json_is_read(text) -> None:
    """
    Whatever JSON allows is read exactly, and kept.
    """
    expected = json.loads(text)
    _, raw = decode(b' {"id":1,"more":' + text + b"}\r\n\t", Nothing)
    read: Any = raw.as_dict()["more"]

    assert repr(expected) == repr(read) or (read, expected) == (0, -0)


@pytest.mark.parametrize(
    "text", [one for one in EVERY_GOOD if one.values[0].strip()[:1] not in b"{"]
)
def test_f038_json_that_is_no_object_is_called_so(text) -> None:
    """
    A lonely number, text or list is JSON, and no answer.
    """
    assert "not an object" in refused(text)


def test_f038_as_many_kinds_as_the_public_suite_has() -> None:
    """
    188 bad ones and 95 good ones at least, all different.
    """
    bad = {text for many in (BAD | BAD_ALONE).values() for text in many}
    good = {text for many in GOOD.values() for text in many}

    assert len(EVERY_BAD) + sum(map(len, BAD_ALONE.values())) == len(bad) >= 188
    assert len(EVERY_GOOD) == len(good) >= 95


@pytest.mark.parametrize("depth", [101, 990, 1010, 100_000])
@pytest.mark.parametrize("kind", ["[]", "{}", "[{}]"])
def test_f039_any_depth_is_a_typed_error(kind, depth) -> None:
    """
    However deep an answer is nested, it ends in an invalid answer and in nothing else.
    """
    opening, closing = {"[]": ("[", "]"), "{}": ('{"a":', "}"), "[{}]": ('[{"a":', "}]")}[kind]
    body = '{"more":' + opening * depth + "1" + closing * depth + "}"

    assert "not JSON" in (text := refused(body.encode())) or "nested more than 100 deep" in text
