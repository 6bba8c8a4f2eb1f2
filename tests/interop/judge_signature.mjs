// Judges the signature of a WACZ package by Web Cryptography, in the way of ReplayWeb.page: ECDSA on P-384 over SHA-256,
// the key as SubjectPublicKeyInfo, the signature as r and s.
//
// usage: node judge_signature.mjs datapackage-digest.json datapackage.json
// Exit code 1 and a line for each fault.

import { createHash, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";

const [digestFile, packageFile] = process.argv.slice(2);
const { hash, signedData } = JSON.parse(readFileSync(digestFile, "utf8"));
const faults = [];
const algorithm = { name: "ECDSA", namedCurve: "P-384" };
const holds = async (message) => {
  const key = await webcrypto.subtle.importKey("spki", Buffer.from(signedData.publicKey, "base64"), algorithm, true, ["verify"]);
  return webcrypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(signedData.signature, "base64"),
                                 new TextEncoder().encode(message));
};
if (hash !== "sha256:" + createHash("sha256").update(readFileSync(packageFile)).digest("hex")) faults.push("another package");
if (signedData.hash !== hash) faults.push("another hash is signed");
if (!(await holds(hash))) faults.push("the signature does not hold");
if (await holds(hash + "0")) faults.push("the signature holds for anything");
for (const name of ["created", "software"]) if (!signedData[name]) faults.push(`no ${name}`);
faults.forEach((fault) => console.error(fault));
process.exit(faults.length ? 1 : 0);
