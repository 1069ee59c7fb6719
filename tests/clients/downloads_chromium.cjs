// Prints the name under which Chromium saves what each URL sends, and its content. The first word is the program.

const { readFile } = require("node:fs/promises");
const { chromium } = require("playwright-core");

async function main([program, ...urls]) {
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    const seen = [];
    for (const url of urls) {
      const started = page.waitForEvent("download");
      // What is saved is no page to go to.
      await page.goto(url).catch(() => {});
      const download = await started;
      const content = await readFile(await download.path(), "utf8");
      seen.push([download.suggestedFilename(), content]);
    }
    console.log(JSON.stringify(seen));
  } finally {
    await browser.close();
  }
}

main(process.argv.slice(2));
