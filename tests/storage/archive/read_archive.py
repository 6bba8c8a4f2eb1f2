#!/usr/bin/env python3
"""Reads a Vellum archive with nothing but docs/formats.md, Python's standard library, and the C interfaces of RocksDB and
zstd: a second opinion that shares no code with the program.

  read_archive.py ARCHIVE     one line a capture: id, digest, SHA-256 of the payload as rebuilt, SHA-256 of its request
                              and response blocks, number of payload rows read, url

Exit code 1 if anything does not rebuild."""

import ctypes
import ctypes.util
import hashlib
import os
import struct
import sys

FAMILIES = ["captures", "feed", "payloads", "digests", "headers"]
RAW, ZSTD, DELTA, PACK = 1, 2, 3, 4


class Database:
    def __init__(self, folder):
        self.lib = lib = ctypes.CDLL(ctypes.util.find_library("rocksdb"))
        for name in ("options_create", "readoptions_create", "open_for_read_only_column_families", "create_iterator_cf",
                     "iter_key", "iter_value", "get_cf", "list_column_families"):
            getattr(lib, "rocksdb_" + name).restype = ctypes.c_void_p
        lib.rocksdb_iter_valid.restype = ctypes.c_ubyte
        self.options = ctypes.c_void_p(lib.rocksdb_options_create())
        self.read = ctypes.c_void_p(lib.rocksdb_readoptions_create())
        error, count = ctypes.c_char_p(), ctypes.c_size_t()
        path = os.path.join(folder, "db").encode()
        listed = lib.rocksdb_list_column_families(self.options, path, ctypes.byref(count), ctypes.byref(error))
        self.complain(error)
        names = [ctypes.string_at(ctypes.cast(listed, ctypes.POINTER(ctypes.c_void_p))[i]) for i in range(count.value)]
        texts = (ctypes.c_char_p * len(names))(*names)
        each = (ctypes.c_void_p * len(names))(*[self.options] * len(names))
        handles = (ctypes.c_void_p * len(names))()
        self.db = ctypes.c_void_p(lib.rocksdb_open_for_read_only_column_families(
            self.options, path, len(names), texts, each, handles, ctypes.c_ubyte(0), ctypes.byref(error)))
        self.complain(error)
        self.families = {name.decode(): ctypes.c_void_p(handle) for name, handle in zip(names, handles)}

    @staticmethod
    def complain(error):
        if error.value:
            sys.exit("rocksdb: " + error.value.decode())

    def get(self, family, key):
        size, error = ctypes.c_size_t(), ctypes.c_char_p()
        value = self.lib.rocksdb_get_cf(self.db, self.read, self.families[family], key, ctypes.c_size_t(len(key)),
                                        ctypes.byref(size), ctypes.byref(error))
        self.complain(error)
        if not value:
            raise KeyError(f"{family}: {key.hex()}")
        bytes_ = ctypes.string_at(value, size.value)
        self.lib.rocksdb_free(ctypes.c_void_p(value))
        return bytes_

    def scan(self, family):
        rows = ctypes.c_void_p(self.lib.rocksdb_create_iterator_cf(self.db, self.read, self.families[family]))
        self.lib.rocksdb_iter_seek_to_first(rows)
        size = ctypes.c_size_t()
        while self.lib.rocksdb_iter_valid(rows):
            key = ctypes.string_at(self.lib.rocksdb_iter_key(rows, ctypes.byref(size)), size.value)
            value = ctypes.string_at(self.lib.rocksdb_iter_value(rows, ctypes.byref(size)), size.value)
            yield key, value
            self.lib.rocksdb_iter_next(rows)
        self.lib.rocksdb_iter_destroy(rows)


class Zstd:
    def __init__(self):
        self.lib = lib = ctypes.CDLL(ctypes.util.find_library("zstd"))
        lib.ZSTD_createDCtx.restype = ctypes.c_void_p
        lib.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
        lib.ZSTD_decompressDCtx.restype = ctypes.c_size_t
        self.context = ctypes.c_void_p(lib.ZSTD_createDCtx())

    def decode(self, frame, prefix=b""):
        size = self.lib.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
        if size >= 2 ** 33:
            raise ValueError("not a zstd frame with a content size")
        self.lib.ZSTD_DCtx_reset(self.context, 3)
        self.lib.ZSTD_DCtx_refPrefix(self.context, prefix, ctypes.c_size_t(len(prefix)))
        out = ctypes.create_string_buffer(size or 1)
        got = self.lib.ZSTD_decompressDCtx(self.context, out, ctypes.c_size_t(size), frame, ctypes.c_size_t(len(frame)))
        if got != size:
            raise ValueError("damaged zstd frame")
        return out.raw[:size]


def cbor(data, at=0):
    """RFC 8949, as far as the records use it. Returns the value and where it ends."""
    first, at = data[at], at + 1
    major, info = first >> 5, first & 31
    number = info
    if 24 <= info <= 27:
        width = 1 << (info - 24)
        number, at = int.from_bytes(data[at:at + width], "big"), at + width
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major == 2:
        return data[at:at + number], at + number
    if major == 3:
        return data[at:at + number].decode(), at + number
    if major == 4:
        items = []
        for _ in range(number):
            item, at = cbor(data, at)
            items.append(item)
        return items, at
    if major == 5:
        pairs = {}
        for _ in range(number):
            key, at = cbor(data, at)
            pairs[key], at = cbor(data, at)
        return pairs, at
    if major == 7 and info == 27:
        return struct.unpack(">d", number.to_bytes(8, "big"))[0], at
    return {20: False, 21: True}.get(info), at


def varint(data, at):
    number = shift = 0
    while True:
        byte, at = data[at], at + 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def key_of(number):
    return number.to_bytes(8, "big")


class Archive:
    MAGIC = bytes.fromhex("28b52ffd")

    def __init__(self, folder):
        self.db, self.zstd, self.rows_read = Database(folder), Zstd(), 0

    def lean(self, frame):
        row, at = varint(frame, 1)
        offset, at = varint(frame, at)
        size, at = varint(frame, at)
        return row, offset, size, frame[at:]

    def content(self, frame, base_of):
        if frame[0] == RAW:
            return frame[1:]
        if frame[0] == ZSTD:
            return self.zstd.decode(frame[1:])
        if frame[0] not in (DELTA, PACK):
            raise ValueError(f"unknown encoding {frame[0]}")
        row, offset, size, body = self.lean(frame)
        prefix = b""
        if row:
            base = base_of(row)
            prefix = base[offset:offset + size] if size else base[offset:]
        return self.zstd.decode(self.MAGIC + body, prefix)

    def no_base(self, row):
        raise ValueError(f"row {row} is leaned on by what is leaned on")

    def row(self, number, base_of=None):
        self.rows_read += 1
        return self.content(self.db.get("payloads", key_of(number)), base_of or self.no_base)

    def payload(self, digest):
        locator, _ = cbor(self.db.get("digests", digest))
        self.rows_read = 0
        content = self.row(locator["id"], self.row)
        offset = locator.get("offset", 0)
        return content[offset:offset + locator["bytes"]]

    def header_block(self, capture, base_of=None):
        value = self.db.get("headers", key_of(capture))
        if value[0] == PACK:
            row, offset, size, _ = self.lean(value)
            return self.row(row)[offset:offset + size]
        return self.content(value, base_of or self.no_base)

    def headers(self, capture):
        block = self.header_block(capture, self.header_block)
        request = int.from_bytes(block[:4], "big")
        return block[4:4 + request], block[4 + request:]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    archive = Archive(sys.argv[1])
    bad = 0
    for number, key in archive.db.scan("feed"):
        capture, _ = cbor(archive.db.get("captures", key))
        digest = bytes.fromhex(capture["digest"].removeprefix("sha256:"))
        payload = archive.payload(digest)
        reads = archive.rows_read
        rebuilt = hashlib.sha256(payload).hexdigest()
        bad += rebuilt != digest.hex()
        request, response = archive.headers(capture["id"])
        print(int.from_bytes(number, "big"), digest.hex(), rebuilt, hashlib.sha256(request).hexdigest(),
              hashlib.sha256(response).hexdigest(), reads, capture["url"])
    sys.exit(1 if bad else 0)


main()
