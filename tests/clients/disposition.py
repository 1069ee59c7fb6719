"""Prints what the email package reads of the Content-Disposition of each URL: type and name."""

import json
import sys
import urllib.request
from email import message_from_string, policy

DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def seen(url):
    with DIRECTLY.open(url, timeout=30) as answer:
        fields = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    message = message_from_string(f"{fields}\r\n", policy=policy.HTTP)
    return [message.get_content_disposition(), message.get_filename()]


print(json.dumps([seen(url) for url in sys.argv[1:]]))
