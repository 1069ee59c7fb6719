// Prints what npm content-disposition reads of the Content-Disposition of each URL: type and name.

const { parse } = require("content-disposition");

async function main(urls) {
  const seen = [];
  for (const url of urls) {
    const answer = await fetch(url);
    await answer.arrayBuffer();
    const { type, parameters } = parse(answer.headers.get("content-disposition"));
    seen.push([type, parameters.filename]);
  }
  console.log(JSON.stringify(seen));
}

main(process.argv.slice(2));
