// Prints what Chromium holds after each URL: see cookies_python.py; "script" is what a page sees of it. The first
// word is the program. Every host is this machine.

const { chromium } = require("playwright-core");

async function main([program, ...urls]) {
  const args = ["--no-sandbox", "--disable-gpu", "--no-proxy-server", "--host-resolver-rules=MAP * 127.0.0.1"];
  const browser = await chromium.launch({ executablePath: program, args });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    const seen = [];
    for (const url of urls) {
      const response = await page.goto(url);
      const text = await response.text();
      const lines = (await response.headersArray()).filter(({ name }) => name.toLowerCase() === "set-cookie");
      const held = {};
      for (const { name, value, domain, path, partitionKey } of await context.cookies()) {
        const jar = partitionKey ? ` in ${partitionKey}` : "";
        held[`${name} ${domain} ${path}${jar}`] = decodeURIComponent(value);
      }
      const script = await page.evaluate(() => document.cookie);
      seen.push({ lines: lines.length, held, text, script });
    }
    console.log(JSON.stringify(seen));
  } finally {
    await browser.close();
  }
}

main(process.argv.slice(2));
