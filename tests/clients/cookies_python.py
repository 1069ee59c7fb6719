"""Prints what http.cookiejar holds after each URL, as {"lines": Set-Cookie lines, "held": {"name domain path": value}, "text"}.

Every host is this machine."""

import json
import socket
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import unquote

resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **named: resolve("127.0.0.1", *rest, **named)

jar = CookieJar()
opener = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
)


def visit(url):
    try:
        response = opener.open(url, timeout=60)
    except urllib.error.HTTPError as refused:
        response = refused
    text = response.read().decode()
    held = {}
    for cookie in jar:
        # It takes names without a dot, like localhost, for a part of something.
        domain = cookie.domain.removesuffix(".local")
        held[f"{cookie.name} {domain} {cookie.path}"] = unquote(cookie.value)
    lines = response.headers.get_all("set-cookie") or []
    return {"lines": len(lines), "held": held, "text": text}


print(json.dumps([visit(url) for url in sys.argv[1:]]))
