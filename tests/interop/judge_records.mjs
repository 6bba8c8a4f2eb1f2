// Holds the record exports of Vellum against parsers that are not ours. usage: node judge_records.mjs FOLDER
//
// FOLDER: records.ndjson (vellum extract), x.csl.json, x.bib, x.ris, x.schema.json. citeproc renders each CSL item;
// @retorquere/bibtex-parser reads the BibTeX with no error and the same names, title and DOI; citation-js reads the RIS to
// the same; jsonld expands the schema.org and finds no key without a meaning.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { plugins } from "@citation-js/core";
import "@citation-js/plugin-ris";
import * as bibtex from "@retorquere/bibtex-parser";
import CSL from "citeproc";
import jsonld from "jsonld";

const folder = process.argv[2];
const text = (name) => readFileSync(join(folder, name), "utf8");
const faults = [];
const fault = (what) => faults.push(what);

const records = text("records.ndjson").split("\n").filter(Boolean).map((line) => JSON.parse(line))
  .filter((record) => record.title && ["article", "book", "file"].includes(record.kind));

// Letters and digits alone: parsers differ in quotes, dashes and markup, not in what is said.
const fold = (value) => String(value ?? "").replace(/<[^>]*>/g, "").normalize("NFC").toLowerCase()
  .replace(/[^\p{L}\p{N}]/gu, "");
function same(where, ours, theirs) {
  if (fold(ours) !== fold(theirs)) fault(`${where}: the record has "${ours}", the parser reads "${theirs}"`);
}
const nameOf = (person) => person.collective || !person.family ? person.name : `${person.family} ${person.given ?? ""}`;

function judgeCsl() {
  const items = JSON.parse(text("x.csl.json"));
  const locale = '<locale xmlns="http://purl.org/net/xbiblio/csl" version="1.0" xml:lang="en-US"><terms><term name="et-al">et al.</term>'
    + '<term name="and">and</term><term name="open-quote">"</term><term name="close-quote">"</term></terms></locale>';
  const style = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"><info><title>t</title>'
    + "<id>t</id><updated>2020-01-01T00:00:00Z</updated></info><citation><layout><text variable=\"title\"/></layout>"
    + '</citation><bibliography><layout><names variable="author"><name delimiter="; " name-as-sort-order="all" '
    + 'sort-separator=", "/></names><text variable="title" prefix=" | "/><text variable="container-title" prefix=" | "/>'
    + '<date variable="issued" prefix=" | "><date-part name="year"/><date-part name="month" form="numeric" prefix="-"/>'
    + '</date><text variable="page" prefix=" | "/><text variable="DOI" prefix=" | "/></layout></bibliography></style>';
  const byId = new Map(items.map((item) => [item.id, item]));
  const engine = new CSL.Engine({ retrieveLocale: () => locale, retrieveItem: (id) => byId.get(id) }, style);
  engine.setOutputFormat("text");
  engine.updateItems([...byId.keys()]);
  const [info, lines] = engine.makeBibliography();
  records.forEach((record) => {
    const at = info.entry_ids.findIndex(([id]) => byId.get(id).URL === record.url);
    if (at < 0) return fault(`csl: citeproc renders nothing for ${record.url}`);
    const line = fold(lines[at]);
    for (const part of [record.title, record.journal?.title, record.pages ?? record.elocator, record.ids?.doi,
      record.published?.slice(0, 4), // particles stand after the given name
      ...(record.authors ?? []).flatMap((a) => a.collective || !a.family ? [a.name] : a.family.split(" "))]) {
      if (part && !line.includes(fold(part))) fault(`csl: citeproc's "${lines[at].trim()}" lacks "${part}"`);
    }
  });
  return items.length;
}

function judgeBibtex() {
  const library = bibtex.parse(text("x.bib"), { sentenceCase: false });
  for (const error of library.errors) fault(`bibtex: ${error.error ?? JSON.stringify(error)}`);
  if (library.entries.length !== records.length) fault(`bibtex: ${library.entries.length} entries of ${records.length}`);
  const names = (person) => person.name ?? `${person.prefix ?? ""} ${person.lastName ?? ""} ${person.firstName ?? ""}`;
  library.entries.forEach((entry, i) => {
    const { fields } = entry, record = records[i], where = `bibtex ${entry.key}`;
    same(`${where} title`, record.title, fields.title);
    same(`${where} doi`, record.ids?.doi, fields.doi);
    same(`${where} volume`, record.volume, fields.volume);
    same(`${where} journal`, record.journal?.title, fields.journal);
    same(`${where} year`, record.published?.slice(0, 4), fields.year);
    same(`${where} pages`, record.pages ?? record.elocator, fields.pages ?? fields.eid);
    same(`${where} authors`, (record.authors ?? []).map(nameOf).join(), (fields.author ?? []).map(names).join());
    same(`${where} abstract`, (record.abstract ?? []).map((p) => (p.label ?? "") + p.text).join(), fields.abstract);
  });
  return library.entries.length;
}

function judgeRis() {
  const items = plugins.input.chain(text("x.ris"), { forceType: "@ris/file", generateGraph: false });
  if (items.length !== records.length) fault(`ris: ${items.length} references of ${records.length}`);
  items.forEach((item, i) => {
    const record = records[i], where = `ris ${item.title}`;
    same(`${where} title`, record.title, item.title);
    same(`${where} doi`, record.ids?.doi, item.DOI);
    same(`${where} volume`, record.volume, item.volume);
    same(`${where} journal`, record.journal?.title, item["container-title"]);
    same(`${where} year`, record.published?.slice(0, 4), item.issued?.["date-parts"]?.[0]?.[0]);
    const names = (p) => p.literal ?? [p["non-dropping-particle"], p["dropping-particle"], p.family, p.given].join(" ");
    same(`${where} authors`, (record.authors ?? []).map(nameOf).join(), (item.author ?? []).map(names).join());
    same(`${where} abstract`, (record.abstract ?? []).map((p) => (p.label ?? "") + p.text).join(), item.abstract);
  });
  return items.length;
}

async function judgeSchema() {
  const context = { "@context": { "@vocab": "http://schema.org/" } };
  const documentLoader = async (url) => ({ contextUrl: null, documentUrl: url, document: context });
  const items = JSON.parse(text("x.schema.json"));
  const value = (node, key) => node[`http://schema.org/${key}`]?.[0]?.["@value"];
  for (const [i, item] of items.entries()) {
    const [node] = await jsonld.expand(item, { documentLoader, safe: true });
    const record = records[i];
    same("schema name", record.title, value(node, "name"));
    same("schema date", record.published, value(node, "datePublished"));
    same("schema pages", record.pages ?? record.elocator, value(node, "pagination"));
    const authors = node["http://schema.org/author"] ?? [];
    same("schema authors", (record.authors ?? []).map((a) => a.name).join(), authors.map((a) => value(a, "name")).join());
    const cited = node["http://schema.org/citation"] ?? [];
    if (cited.length !== (record.references ?? []).length) fault(`schema: ${cited.length} citations`);
    if (!/ScholarlyArticle|Book/.test(node["@type"]?.[0])) fault(`schema: type ${node["@type"]}`);
  }
  return items.length;
}

console.log(`citeproc: ${judgeCsl()} items; bibtex-parser: ${judgeBibtex()} entries; citation-js: ${judgeRis()} references; `
  + `jsonld: ${await judgeSchema()} works; ${records.length} records`);
for (const what of faults.slice(0, 20)) console.error(what);
process.exit(faults.length > 0 ? 1 : 0);
