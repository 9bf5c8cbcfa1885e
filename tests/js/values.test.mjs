// What arguments may be: every JSON kind, text of every script, binary anywhere.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askAll, ask, connected, limit, next, serverForSuite, ways } from "./support.mjs";

const texts = {
  empty: "",
  Chinese: "你好，世界。漢字と仮名も",
  emoji: "😀👩‍👩‍👧‍👦🏳️‍🌈 é́ \u{10FFFF}",
  "right to left": "שלום مرحبا",
  "JSON's own signs": "\"\\/\b\f\n\r\t\u0000\u001f\u007f",
  "the protocol's own signs": "42[\"x\"]\u001e4,-/\u2028\u2029",
};

const values = {
  null: null,
  true: true,
  zero: 0,
  "negative integer": -1,
  "largest safe integer": Number.MAX_SAFE_INTEGER,
  "smallest safe integer": Number.MIN_SAFE_INTEGER,
  fraction: 0.1,
  "largest double": Number.MAX_VALUE,
  "smallest double": Number.MIN_VALUE,
  "2 to the 64th": 2 ** 64,
  "empty array": [],
  "empty object": {},
  nested: { a: [1, [2, [3, { b: null }]]], "": { "key with spaces": "值" } },
  "an object in its order": { z: 1, a: 2, m: 3 },
  "a __proto__ key": JSON.parse('{"__proto__":{"x":1},"constructor":2}'),
};

const bytes = (...list) => Buffer.from(list);
const allBytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
const binaries = {
  "a few bytes": bytes(1, 2, 3),
  "no bytes": bytes(),
  "every byte": allBytes,
  nested: { list: [bytes(1), { deep: bytes(2, 3) }], plain: "text", again: bytes(1) },
  "ten at once": Array.from({ length: 10 }, (_, i) => bytes(i)),
  "beside what looks like a placeholder": [bytes(7), { placeholder: true, num: 0 }],
};

describe("values", () => {
  const server = serverForSuite();

  for (const [way, options] of Object.entries(ways)) {
    const echoes = (kind, samples) =>
      it(`${way}: ${kind} come back as they were`, limit, async () => {
        const socket = await connected(server.url, options);
        for (const [name, value] of Object.entries(samples)) {
          const answer = next(socket, "echo");
          socket.emit("echo", value);
          assert.deepStrictEqual((await answer)[0], value, name);
        }
      });
    echoes("texts", texts);
    echoes("JSON values", values);
    echoes("binaries", binaries);

    it(`${way}: binary stands in acks of both sides`, limit, async () => {
      const socket = await connected(server.url, options);
      assert.deepEqual(await askAll(socket, "upload", "图.png", allBytes), ["图.png ok", 256]);
      assert.deepEqual(await askAll(socket, "swap", { a: bytes(1) }, [bytes(2)]), [[bytes(2)], { a: bytes(1) }]);

      socket.on("bytes please", (sent, done) => done({ got: sent, more: [bytes(9)] }));
      const came = next(socket, "bytes came");
      socket.emit("ask me for bytes");
      assert.deepEqual(await came, [{ got: bytes(0, 1, 2, 3, 4), more: [bytes(9)] }]);
    });

    it(`${way}: the server sends a file`, limit, async () => {
      const socket = await connected(server.url, options);
      const file = next(socket, "file");
      socket.emit("download", 1000);
      const [name, content] = await file;
      assert.equal(name, "data.bin");
      assert.deepEqual(content, Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251)));
    });
  }

  it("the key order of an object is kept", limit, async () => {
    const socket = await connected(server.url);
    const [, back] = await askAll(socket, "swap", { z: 1, a: { y: 1, b: 2 }, m: 3 }, 0);
    assert.equal(JSON.stringify(back), '{"z":1,"a":{"y":1,"b":2},"m":3}');
  });

  it("typed arrays and array buffers arrive as bytes", limit, async () => {
    const socket = await connected(server.url);
    const [, length] = await askAll(socket, "upload", "f", new Float64Array([1, 2, 3]));
    assert.equal(length, 24);
    assert.deepEqual(await askAll(socket, "upload", "b", new ArrayBuffer(5)), ["b ok", 5]);
  });

  it("a text's bytes are counted as UTF-8", limit, async () => {
    const socket = await connected(server.url);
    assert.equal(await ask(socket, "length", texts.Chinese), Buffer.byteLength(texts.Chinese));
  });
});
