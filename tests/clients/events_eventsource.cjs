// Prints the events of a URL as an EventSource reports them, once it has come back after the end of the
// stream: npm eventsource, or that of Chromium when a second word names the program.

/** Runs in the browser, too: it sees nothing of what stands around it. */
async function collect([url, types]) {
  const source = new EventSource(url);
  const events = [];
  for (const type of types) {
    source.addEventListener(type, ({ type, data, lastEventId: id }) => events.push({ type, data, id }));
  }
  await new Promise((done) => {
    let opened = 0;
    source.addEventListener("open", () => ++opened === 2 && done());
    setTimeout(done, 20_000);
  });
  source.close();
  return events;
}

async function inChromium(program, input) {
  const { chromium } = require("playwright-core");
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    await page.goto(new URL("/blank", input[0]).href);
    return await page.evaluate(collect, input);
  } finally {
    await browser.close();
  }
}

async function inNode(input) {
  global.EventSource = require("eventsource").EventSource;
  return collect(input);
}

async function main([url, types, chromium]) {
  const input = [url, types.split(",")];
  const events = chromium ? await inChromium(chromium, input) : await inNode(input);
  console.log(JSON.stringify(events));
  process.exit(0);
}

main(process.argv.slice(2));
