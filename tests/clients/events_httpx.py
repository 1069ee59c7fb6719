"""Prints the events of a URL as httpx-sse reports them."""

import json
import sys

import httpx
from httpx_sse import connect_sse

with httpx.Client(trust_env=False, timeout=30) as client:
    with connect_sse(client, "GET", sys.argv[1]) as source:
        events = [
            {"type": event.event, "data": event.data, "id": event.id}
            for event in source.iter_sse()
        ]
print(json.dumps(events))
