// Prints the events of a URL as npm eventsource-parser finds them in what `fetch` reads.

const { createParser } = require("eventsource-parser");

async function main([url]) {
  const events = [];
  const parser = createParser({
    onEvent: ({ event = "message", data, id = "" }) => events.push({ type: event, data, id }),
    onError: (error) => {
      throw error;
    },
  });
  const answer = await fetch(url, { headers: { accept: "text/event-stream" } });
  for await (const text of answer.body.pipeThrough(new TextDecoderStream())) parser.feed(text);
  console.log(JSON.stringify(events));
}

main(process.argv.slice(2));
