"""Prints the MessagePack of standard input as Python's msgpack sees it: see `seen` in message_pack.rs."""

import json
import struct
import sys

import msgpack


def seen(value):
    match value:
        case None | bool() | str():
            return value
        case int():
            return {"int": str(value)}
        case float():
            # JavaScript knows one kind of number: what it takes for an integer is one here, too.
            if value.is_integer() and abs(value) < 2**53:
                return {"int": str(int(value))}
            return {"float": struct.pack(">d", value).hex()}
        case bytes():
            return {"bytes": value.hex()}
        case list():
            return [seen(item) for item in value]
        case dict():
            return {"map": [[key, seen(item)] for key, item in value.items()]}
        case _:
            raise TypeError(f"what is {value!r}?")


print(json.dumps(seen(msgpack.unpackb(sys.stdin.buffer.read()))))
