"""Sends values to the URL given, as Python's msgpack writes them, and expects them back; what is no value
expects a 4xx.
"""

import sys
import urllib.error
import urllib.request

import msgpack

URL = sys.argv[1]
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def send(content):
    request = urllib.request.Request(URL, content, {"Content-Type": "application/x-msgpack"})
    try:
        answer = DIRECTLY.open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.read()


def edges():
    """Where the width of an integer changes, and its neighbours."""
    for bits in (5, 7, 8, 15, 16, 31, 32, 53, 63):
        for near in (-1, 0, 1):
            yield 2**bits + near
            yield -(2**bits) + near
    yield from (0, 1, -1, 2**64 - 1)


def values():
    yield from (None, True, False)
    yield from (edge for edge in edges() if -(2**63) <= edge)
    yield from (0.0, -0.0, 0.1, 0.5, 3.0, 1e300, 5e-324, float("inf"), float("-inf"))
    for length in (0, 1, 31, 32, 255, 256, 65_535, 65_536):
        yield "a" * length
        yield b"\xff" * length
    yield "h\u00e9 \u65e5\u672c \U0001f600 \0"
    for length in (0, 15, 16, 65_535, 65_536):
        yield list(range(length))
        yield {str(number): number for number in range(length)}
    yield {"z": 1, "a": {"n": [None, {"d": []}]}, "m": b"\0"}


def exact(value):
    """A text that differs where kind, order or sign differ."""
    return repr(value)


NO_VALUES = {
    "nothing": b"",
    "a truncated text": b"\xa5hel",
    "a truncated list": b"\x93\x01\x02",
    "a truncated integer": b"\xcf\0\0",
    "trailing bytes": b"\xc0\xc0",
    "the byte that is never used": b"\xc1",
    "that byte in a list": b"\x91\xc1",
    "a great depth": b"\x91" * 100_000 + b"\xc0",
    "a text that is not UTF-8": b"\xa2\xff\xfe",
    "a text that claims 4 GiB": b"\xdb\xff\xff\xff\xff",
    "binary that claims 4 GiB": b"\xc6\xff\xff\xff\xff",
    "a list that claims 4 Gi values": b"\xdd\xff\xff\xff\xff",
    "a map that claims 4 Gi values": b"\xdf\xff\xff\xff\xff",
}

failures = []
for value in values():
    status, content = send(msgpack.packb(value))
    if status != 200:
        failures.append(f"{value!r:.40} is answered by {status}")
    elif exact(msgpack.unpackb(content)) != exact(value):
        failures.append(f"{value!r:.40} comes back as {content[:40]!r}")
for name, content in NO_VALUES.items():
    status, _ = send(content)
    if not 400 <= status < 500:
        failures.append(f"{name} is answered by {status}")
if failures:
    sys.exit("\n".join(failures))
