// Prints what npm tough-cookie holds after each URL: see cookies_python.py. Every host is this machine.

const http = require("node:http");
const { CookieJar } = require("tough-cookie");

const jar = new CookieJar();

function lookup(_host, { all }, answer) {
  if (all) answer(null, [{ address: "127.0.0.1", family: 4 }]);
  else answer(null, "127.0.0.1", 4);
}

function fetch(url, cookie) {
  const headers = cookie ? { cookie } : {};
  return new Promise((done, failed) => {
    const request = http.get(url, { headers, lookup, agent: false }, async (response) => {
      let text = "";
      for await (const piece of response.setEncoding("utf8")) text += piece;
      done({ lines: response.headers["set-cookie"] ?? [], text });
    });
    request.on("error", failed);
  });
}

async function visit(url) {
  const { lines, text } = await fetch(url, await jar.getCookieString(url));
  for (const line of lines) await jar.setCookie(line, url, { ignoreError: true });
  const held = {};
  for (const cookie of await jar.store.getAllCookies()) {
    // It lets go of what is over when it is next asked for it.
    if (cookie.TTL() <= 0) continue;
    const { key, value, domain, hostOnly, path } = cookie;
    held[`${key} ${hostOnly ? "" : "."}${domain} ${path}`] = decodeURIComponent(value);
  }
  return { lines: lines.length, held, text };
}

async function main(urls) {
  const seen = [];
  for (const url of urls) seen.push(await visit(url));
  console.log(JSON.stringify(seen));
}

main(process.argv.slice(2));
