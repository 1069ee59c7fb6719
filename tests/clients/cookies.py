"""Prints what http.cookiejar keeps of the cookies that a URL sets: a list of name, value and path."""

import json
import sys
import urllib.request
from http.cookiejar import CookieJar

jar = CookieJar()
opener = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
)
for url in sys.argv[1:]:
    opener.open(url, timeout=30).read()
print(json.dumps([[cookie.name, cookie.value, cookie.path] for cookie in jar]))
