"""JSON from strangers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import strictjson

plain = (st.none() | st.booleans() | st.integers(-2**53, 2**53) | st.floats(allow_nan=False, allow_infinity=False)
         | st.text())
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(values)
def test_honest_json_is_read_as_it_is(value: object):
    data = json.dumps(value, ensure_ascii=False).encode()
    assert strictjson.parse(data, max_bytes=1 << 20) == value


@pytest.mark.parametrize(("data", "words"), [
    (b'{"a": 1, "a": 2}', "appears twice"), (b'{"a": NaN}', "NaN"), (b"[Infinity]", "Infinity"),
    (b"[1e999]", "too large"),
    (b"[" * 100 + b"]" * 100, "nested"), (b'{"a"', "not JSON"), (b"\xff\xfe", "UTF-8"), (b'["\\ud800"]', "surrogate"),
    (b'{"\\udc00": 1}', "surrogate"), (b"[" + b"1" * 5000 + b"]", "digits"), (b'"' + b"x" * 2000 + b'"' * 1, "larger"),
])
def test_unsound_json_is_refused_with_the_reason(data: bytes, words: str):
    limit = 1000 if words == "larger" else 100_000
    with pytest.raises(ValueError, match=words):
        strictjson.parse(data, max_bytes=limit)


def test_brackets_in_strings_are_not_depth():
    assert strictjson.parse(json.dumps("[" * 500 + '\\"[').encode(), max_bytes=10_000) == "[" * 500 + '\\"['


def test_a_byte_order_mark_is_fine_and_a_list_is_no_object():
    assert strictjson.parse_object(b'\xef\xbb\xbf{"a": 1}', max_bytes=100) == {"a": 1}
    with pytest.raises(ValueError, match="object"):
        strictjson.parse_object(b"[]", max_bytes=100)
