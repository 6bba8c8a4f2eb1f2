// Plays a WACZ file in ReplayWeb.page inside headless Chromium, and asks whether the pages come back as they were.
//
// usage: node replayweb.mjs CHROMIUM FILE.wacz EXPECTED.json [SCREENSHOT.png]
// EXPECTED.json: [{"url":..., "text":..., "images":n, "color":"rgb(...)", "then":where the first link leads, or absent}]
//
// All of Chromium's traffic goes through a proxy of this program that answers nothing and notes what was asked for: a
// request there would have left the machine. What Chromium asks its maker of its own accord is refused too, but is no
// fault of an archive. Exit code 1 and a line for each fault.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const [chromium, wacz, expectedFile, screenshot] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(expectedFile, "utf8"));
const player = fileURLToPath(new URL("node_modules/replaywebpage", import.meta.url));
const faults = [], escaped = [];

function listen(server) {
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
}

// The page that embeds the player, its two scripts, and the archive, in the ranges that the player asks for.
function serve(request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://x");
  const files = { "/ui.js": join(player, "ui.js"), "/replay/sw.js": join(player, "sw.js"), "/replay/ui.js": join(player, "ui.js"),
                  "/archive.wacz": wacz };
  if (pathname === "/") {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    const url = (searchParams.get("url") ?? "").replace(/&/g, "&amp;").replace(/"/g, "&quot;");
    response.end(`<!doctype html><script src="/ui.js"></script><replay-web-page source="/archive.wacz" url="${url}"
      embed="replayonly" replayBase="/replay/" style="height:100vh"></replay-web-page>`);
    return;
  }
  if (!files[pathname]) return response.writeHead(404).end();
  const size = statSync(files[pathname]).size;
  response.setHeader("Content-Type", pathname.endsWith(".js") ? "text/javascript" : "application/octet-stream");
  response.setHeader("Accept-Ranges", "bytes");
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  const start = range ? (range[1] ? Number(range[1]) : Math.max(0, size - Number(range[2]))) : 0;
  const end = range && range[1] && range[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  response.setHeader("Content-Length", end - start + 1);
  if (range) response.writeHead(206, { "Content-Range": `bytes ${start}-${end}/${size}` });
  if (request.method === "HEAD") return response.end();
  createReadStream(files[pathname], { start, end }).pipe(response);
}

const makers = /^(https?:\/\/)?([a-z0-9-]+\.)*(google|googleapis|gvt1)\.com[:/]/;
function note(url) {
  if (!makers.test(url)) escaped.push(url);
}

function refuse(request, response) {
  note(request.url);
  response.writeHead(502).end();
}

// The frame that holds the replayed page: the innermost whose address ends in the archived one.
async function replayed(page, url) {
  for (let tries = 0; tries < 200; ++tries) {
    const frame = page.frames().find((one) => one.url().includes("mp_/" + url));
    if (frame && (await frame.evaluate(() => document.readyState).catch(() => "")) === "complete") return frame;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${url}: never came up; frames: ${page.frames().map((one) => one.url()).join(" ")}`);
}

async function look(frame) {
  return frame.evaluate(() => ({
    text: document.body.innerText,
    images: [...document.images].filter((image) => image.naturalWidth > 0).length,
    color: getComputedStyle(document.body).color,
  }));
}

function compare(want, seen) {
  if (!seen.text.includes(want.text)) faults.push(`${want.url}: text is ${JSON.stringify(seen.text.slice(0, 200))}`);
  if (seen.images !== want.images) faults.push(`${want.url}: ${seen.images} images were drawn, not ${want.images}`);
  if (seen.color !== want.color) faults.push(`${want.url}: style sheet gives ${seen.color}, not ${want.color}`);
}

const server = createServer(serve), outside = createServer(refuse);
outside.on("connect", (request, socket) => {
  note(request.url);
  socket.end("HTTP/1.1 502 Refused\r\n\r\n");
});
const port = await listen(server), proxy = await listen(outside);
const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", `--proxy-server=127.0.0.1:${proxy}`, "--proxy-bypass-list=127.0.0.1", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--no-first-run", "--no-default-browser-check"],
});
try {
  for (const want of expected) {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/?url=${encodeURIComponent(want.url)}`);
    let frame = await replayed(page, want.url);
    compare(want, await look(frame));
    if (want.then) {
      await frame.click("a");
      frame = await replayed(page, want.then);
      compare(expected.find((one) => one.url === want.then), await look(frame));
    }
    if (screenshot && want === expected[0]) await page.screenshot({ path: screenshot });
    await page.close();
  }
} catch (error) {
  faults.push(String(error.message));
} finally {
  await browser.close();
  server.close();
  outside.close();
}
for (const url of escaped) faults.push(`a request wanted to leave: ${url}`);
for (const text of faults) console.error(text);
console.log(`ReplayWeb.page: ${expected.length} pages, ${escaped.length} requests wanted to leave`);
process.exit(faults.length > 0 ? 1 : 0);
