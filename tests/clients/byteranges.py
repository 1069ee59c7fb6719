"""Prints what the standard library makes of several ranges of a URL: the status, and of each part the type, the
range and the bytes.
"""

import http.client
import json
import sys
from email import message_from_bytes, policy
from urllib.parse import urlsplit

url, ranges = sys.argv[1:]
address = urlsplit(url)
connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
connection.request("GET", address.path, headers={"Range": f"bytes={ranges}"})
answer = connection.getresponse()
fields = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
message = message_from_bytes(fields + answer.read(), policy=policy.HTTP)
if not message.is_multipart() or message.defects:
    sys.exit(f"{answer.status}: {message.get_content_type()}, {message.defects}")
parts = [
    [part.get_content_type(), part["content-range"], part.get_payload(decode=True).hex()]
    for part in message.iter_parts()
]
print(json.dumps([answer.status, parts]))
