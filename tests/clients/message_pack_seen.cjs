// Prints the MessagePack of standard input as npm @msgpack/msgpack sees it: see `seen` in message_pack.rs.

const { readFileSync } = require("node:fs");
const { decode } = require("@msgpack/msgpack");

function float(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return { float: bytes.toString("hex") };
}

function seen(value) {
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return { int: value.toString() };
  if (typeof value === "number") return float(value);
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (Array.isArray(value)) return value.map(seen);
  if (value !== null && typeof value === "object") {
    return { map: Object.entries(value).map(([key, item]) => [key, seen(item)]) };
  }
  return value;
}

console.log(JSON.stringify(seen(decode(readFileSync(0), { useBigInt64: true }))));
