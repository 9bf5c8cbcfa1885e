// Polls and the client bundle in gzip and deflate: when, for whom, and that it is the same text.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import zlib from "node:zlib";
import { client, engineServerCommand as command, limit, next, serverForSuite } from "./support.mjs";
import { request } from "./wire/http.mjs";
import { Polling, separator } from "./wire/session.mjs";

const unpack = { gzip: zlib.gunzipSync, deflate: zlib.inflateSync, undefined: (bytes) => bytes };

describe("a poll", () => {
  const server = serverForSuite({ command });

  /// The coding of a poll that brings a text of that size.
  async function codingOf(accepted, size = 3000, events = ["text"]) {
    const session = await Polling.open(server.port);
    await session.send("40");
    assert.match(await session.receive(), /^40/);
    await session.send(...events.map((event) => `42["${event}",${size}]`));
    const response = await session.get({ headers: accepted === undefined ? {} : { "Accept-Encoding": accepted } });
    const coding = response.header("content-encoding");
    assert.equal(unpack[coding](response.body).toString(), events.map(() => `42["text","${"x".repeat(size)}"]`).join(separator));
    assert.equal(response.header("content-type"), "text/plain; charset=UTF-8");
    assert.equal(response.header("vary"), undefined);
    if (coding) assert.ok(response.body.length < 200);
    await session.post("1");
    return coding;
  }

  const law = [
    [undefined, undefined],
    ["", undefined],
    ["gzip", "gzip"],
    ["deflate", "deflate"],
    ["gzip, deflate, br", "gzip"],
    ["deflate, gzip", "deflate"],
    ["gzip;q=0.5, deflate;q=0.8", "deflate"],
    ["gzip;q=0", undefined],
    ["gzip;q=0, *", "deflate"],
    ["*", "gzip"],
    ["*;q=0", undefined],
    ["br, identity", undefined],
    ["GZIP", "gzip"],
    ["gzip ; q=1.0 , deflate ; q=0.9", "gzip"],
    ["gzip;q=x", undefined],
  ];
  for (const [accepted, coding] of law)
    it(`${JSON.stringify(accepted)} is answered in ${coding ?? "plain text"}`, limit, async () =>
      assert.equal(await codingOf(accepted), coding));

  it("is compressed from 1024 bytes on", limit, async () => {
    const around = '42["text",""]'.length;
    assert.equal(await codingOf("gzip", 1023 - around), undefined);
    assert.equal(await codingOf("gzip", 1024 - around), "gzip");
  });

  it("is not compressed if none of its packets wants to be", limit, async () => {
    assert.equal(await codingOf("gzip", 3000, ["plain text", "plain text"]), undefined);
    assert.equal(await codingOf("gzip", 3000, ["plain text", "text"]), "gzip");
  });

  it("of an official client that asks for it is understood", limit, async () => {
    const socket = client(server.url, { transports: ["polling"], extraHeaders: { "Accept-Encoding": "identity" } });
    await next(socket, "connect");
    socket.emit("text", 5000);
    assert.deepEqual(await next(socket, "text"), ["x".repeat(5000)]);
  });

  it("is understood by who unpacks by itself, as browsers do", limit, async () => {
    const ask = (init) => fetch(`${server.url}${session.target}`, init).then((answer) => answer.text());
    const session = await Polling.open(server.port);
    await session.send("40");
    assert.match(await ask(), /^40/);
    for (const size of [10, 5000, 100_000]) {
      await session.send(`42["text",${size}]`);
      assert.equal(await ask(), `42["text","${"x".repeat(size)}"]`);
    }
    await session.post("1");
  });
});

describe("the client bundle", () => {
  const server = serverForSuite({ command });
  const get = (headers) => request(server.port, "/socket.io/socket.io.min.js", { headers });

  it("is in gzip for who takes it", limit, async () => {
    const [plain, small, again] = [await get({}), await get({ "Accept-Encoding": "gzip" }), await get({ "Accept-Encoding": "gzip, br;q=0" })];
    assert.deepEqual([plain, small, again].map((r) => r.header("content-encoding")), [undefined, "gzip", "gzip"]);
    assert.equal(small.header("etag"), plain.header("etag"));
    assert.equal(zlib.gunzipSync(small.body).toString(), plain.text);
    assert.ok(small.body.length * 2 < plain.body.length);
    assert.deepEqual(again.body, small.body);
  });
});
