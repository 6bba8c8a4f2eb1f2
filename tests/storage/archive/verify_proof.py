#!/usr/bin/env python3
"""Verifies a proof that `vellum prove -o FILE` wrote, with nothing but docs/formats.md ("Seals"), Python's standard library
and the openssl program: a second opinion that shares no code with Vellum.

  verify_proof.py PROOF [PAYLOAD] [--key HEX]

PAYLOAD: a file that must have the proven digest. --key: the archive's public key as you know it from elsewhere; without
it the signature is only shown to be by the key that the proof names. Exit code 1 if anything does not hold."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile


def sha256(data):
    return hashlib.sha256(data).digest()


def raw(digest):
    return bytes.fromhex(digest.removeprefix("sha256:"))


def root_of(leaf, index, count, path):
    """RFC 9162 section 2.1.3.2, which is how an audit path of RFC 6962 is verified."""
    if index >= count:
        raise ValueError("there is no such leaf")
    at, last = index, count - 1
    for node in path:
        if last == 0:
            raise ValueError("the path is too long")
        if at & 1 or at == last:
            leaf = sha256(b"\x01" + node + leaf)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            leaf = sha256(b"\x01" + leaf + node)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return leaf


def statement_of(seal):
    return "".join([
        "vellum seal 1\n", f"seal {seal['seal']}\n", f"run {seal['run']}\n", f"captures {seal['captures']}\n",
        f"first {seal['first']}\n", f"last {seal['last']}\n", f"root {seal['root']}\n",
        f"previous {seal['previous']}\n", f"at {seal['at']}\n"])


def is_signed(statement, signature, key):
    """Ed25519 (RFC 8032); the bytes before the key are the head of its SubjectPublicKeyInfo (RFC 8410)."""
    with tempfile.TemporaryDirectory() as folder:
        names = {name: os.path.join(folder, name) for name in ("key", "text", "signature")}
        for name, data in (("key", bytes.fromhex("302a300506032b6570032100") + key), ("text", statement),
                           ("signature", signature)):
            with open(names[name], "wb") as file:
                file.write(data)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", names["key"],
                               "-rawin", "-in", names["text"], "-sigfile", names["signature"]],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def main():
    words = sys.argv[1:]
    wanted = None
    if "--key" in words:
        at = words.index("--key")
        wanted = words[at + 1]
        del words[at:at + 2]
    if not words:
        sys.exit(__doc__)
    with open(words[0], encoding="utf-8") as file:
        proof = json.load(file)
    capture, seal = proof["capture"], proof["seal"]
    line = f"{capture['id']} {capture['url']} {capture['captured']} {capture['digest']}"
    leaf = sha256(b"\x00" + line.encode())
    if leaf != raw(proof["leaf"]):
        sys.exit("the leaf is not that of the capture")
    if root_of(leaf, proof["index"], seal["captures"], [raw(node) for node in proof["path"]]) != raw(seal["root"]):
        sys.exit("the path does not lead to the root")
    if statement_of(seal) != proof["statement"]:
        sys.exit("the statement is not that of the seal")
    if wanted and seal.get("key") != wanted:
        sys.exit("signed with another key")
    if "signature" in seal and not is_signed(proof["statement"].encode(), bytes.fromhex(seal["signature"]),
                                             bytes.fromhex(seal["key"])):
        sys.exit("the signature does not hold")
    if len(words) > 1:
        with open(words[1], "rb") as file:
            if sha256(file.read()) != raw(capture["digest"]):
                sys.exit("the payload has another digest")
    print(f"holds: {line}, sealed {seal['at']}, " + ("signed by " + seal["key"] if "signature" in seal else "not signed"))


if __name__ == "__main__":
    main()
