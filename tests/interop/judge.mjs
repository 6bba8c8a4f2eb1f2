// Holds an export of Vellum against npm warcio: every record parses, every payload digest is right, and warcio's own CDXJ
// index says what ours says. usage: node judge.mjs EXPORT.warc.gz EXPORT.cdxj

import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { CDXIndexer, WARCParser } from "warcio";

const [warc, cdxj] = process.argv.slice(2);
const faults = [];
const fault = (text) => faults.push(text);

function base32(bytes) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return bits.match(/.{1,5}/g).map((part) => letters[parseInt(part.padEnd(5, "0"), 2)]).join("");
}

async function readRecords() {
  const counts = {};
  for await (const record of new WARCParser(createReadStream(warc))) {
    counts[record.warcType] = (counts[record.warcType] ?? 0) + 1;
    const hash = createHash("sha1");
    for await (const piece of record.reader) hash.update(piece);
    const given = record.warcHeader("WARC-Payload-Digest");
    const digest = "sha1:" + base32(hash.digest());
    const holdsPayload = record.warcType === "response" || record.warcType === "resource";
    if (holdsPayload && given?.startsWith("sha1:") && given !== digest) {
      fault(`${record.warcTargetURI}: payload digest ${given}, warcio reads ${digest}`);
    }
    if (!record.warcHeader("WARC-Record-ID")) fault("a record without an id");
  }
  return counts;
}

function indexOf(lines) {
  const index = new Map();
  for (const line of lines) {
    if (!line) continue;
    const [key, time, ...rest] = line.split(" ");
    const json = JSON.parse(rest.join(" "));
    index.set(Number(json.offset), { key, time, ...json });
  }
  return index;
}

async function theirIndex() {
  const indexer = new CDXIndexer({ format: "cdxj", noSurt: false });
  const lines = [];
  for await (const row of indexer.iterIndex([{ reader: createReadStream(warc), filename: warc }])) {
    const { urlkey, timestamp, ...json } = row;
    lines.push(`${urlkey} ${timestamp} ${JSON.stringify(json)}`);
  }
  return indexOf(lines);
}

function compareIndexes(ours, theirs) {
  for (const [offset, line] of ours) {
    const other = theirs.get(offset);
    if (!other) {
      fault(`offset ${offset}: warcio has no record there`);
      continue;
    }
    for (const name of ["time", "url", "length", "status", "digest"]) {
      if (other[name] === undefined || line.mime === "warc/revisit" && name === "status") continue;
      const plain = (value) => String(value).replace(/^sha1:/, "");  // warcio leaves the label out
      if (plain(other[name]) !== plain(line[name])) {
        fault(`offset ${offset}: ${name} is ${line[name]}, warcio says ${other[name]}`);
      }
    }
  }
}

const counts = await readRecords();
const ours = indexOf(readFileSync(cdxj, "utf8").split("\n"));
const theirs = await theirIndex();
compareIndexes(ours, theirs);
console.log(`warcio: ${JSON.stringify(counts)}, ${ours.size} index lines of ours, ${theirs.size} of warcio's`);
for (const text of faults.slice(0, 20)) console.error(text);
process.exit(faults.length > 0 ? 1 : 0);
