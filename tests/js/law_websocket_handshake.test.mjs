// The WebSocket handshake: what a 101 says, and how a wrong one is refused.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import zlib from "node:zlib";
import { Connection } from "./wire/connection.mjs";
import { readResponse, requestText } from "./wire/http.mjs";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";
import { Polling, Session } from "./wire/session.mjs";
import { acceptFor, frame, handshakeText, opcode, sampleKey, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const target = "/socket.io/?EIO=4&transport=websocket";

/// Status, reason, headers and body of a handshake that is refused; the connection must end after it.
async function refusal(port, path, options) {
  const connection = await Connection.open(port);
  connection.write(handshakeText(path, options));
  const response = await readResponse(connection);
  await connection.end();
  connection.destroy();
  return response;
}

async function assertRefused(port, path, body, options) {
  const response = await refusal(port, path, options);
  assert.deepEqual([response.status, response.reason, response.text], [400, "Bad Request", body]);
  assert.equal(response.header("content-type"), "text/html");
  assert.equal(response.header("connection").toLowerCase(), "close");
  assert.equal(response.header("content-length"), String(body.length));
}

// CORS headers may stand on a 101; no browser looks at them there.
const upgradeHeadersOf = (response) =>
  Object.keys(response.headers)
    .filter((name) => !name.startsWith("access-control-") && name !== "vary")
    .sort();

describe("a 101", sideBySide, () => {
  it("carries Upgrade, Connection and the key's answer, and nothing else", async () => {
    const ws = await WebSocket.open(server.a, target);
    assert.equal(ws.response.reason, "Switching Protocols");
    assert.equal(ws.response.header("upgrade").toLowerCase(), "websocket");
    assert.equal(ws.response.header("connection").toLowerCase(), "upgrade");
    assert.equal(ws.response.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert.deepEqual(upgradeHeadersOf(ws.response), ["sec-websocket-accept", "upgrade"]);
    await ws.close();
  });

  it("answers each key", async () => {
    for (const key of ["AQIDBAUGBwgJCgsMDQ4PEA==", "x3JJHMbDL1EzLkh9GBhXDw=="]) {
      const ws = await WebSocket.open(server.c, "/engine.io/?EIO=4&transport=websocket", {
        headers: { "Sec-WebSocket-Key": key },
      });
      assert.equal(ws.response.header("sec-websocket-accept"), acceptFor(key));
      await ws.close();
    }
  });

  it("names the first of the sub-protocols asked for", async () => {
    for (const [asked, got] of [
      ["foo, bar", "foo"],
      ["bar", "bar"],
      [undefined, undefined],
    ]) {
      const ws = await WebSocket.open(server.a, target, { headers: { "Sec-WebSocket-Protocol": asked } });
      assert.equal(ws.response.header("sec-websocket-protocol"), got);
      await ws.close();
    }
  });

  it("takes header names and tokens in any case, Connection as a list", async () => {
    const ws = await WebSocket.open(server.a, target, {
      headers: {
        Upgrade: undefined,
        Connection: undefined,
        "Sec-WebSocket-Version": undefined,
        "Sec-WebSocket-Key": undefined,
        UPGRADE: "WebSocket",
        connection: "keep-alive, Upgrade",
        "sec-websocket-version": "13",
        "SEC-WEBSOCKET-KEY": sampleKey,
      },
    });
    assert.match(await ws.receive(), /^0\{/);
    await ws.close();
  });

  it("is followed by what the client sent along with its handshake, which JS loses", notInJs, async () => {
    const ws = await WebSocket.open(server.b, target, {
      after: Buffer.concat([frame("40"), frame('42["message",1]')]),
    });
    const session = new Session(ws);
    assert.match(await session.receive(), /^0\{/);
    assert.match(await session.receive(), /^40\{/);
    assert.equal(await session.receive(), '42["auth",{}]');
    assert.equal(await session.receive(), '42["message-back",1]');
    await ws.close();
  });

  it("on a kept-alive connection follows plain requests", async () => {
    const connection = await Connection.open(server.b);
    connection.write(requestText("/x"));
    assert.equal((await readResponse(connection)).status, 404);
    const ws = await WebSocket.open(server.b, target, { connection });
    assert.match(await ws.receive(), /^0\{/);
    await ws.close();
  });

  it("answers no extension where compression is off", async () => {
    const ws = await WebSocket.open(server.a, target, {
      headers: { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" },
    });
    assert.equal(ws.response.header("sec-websocket-extensions"), undefined);
    await ws.close();
  });

  it("answers permessage-deflate where it is on, and inflates", async () => {
    const ws = await WebSocket.open(server.b, target, {
      headers: { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" },
    });
    assert.equal(ws.response.header("sec-websocket-extensions"), "permessage-deflate");
    const deflated = zlib.deflateRawSync("40", { finishFlush: zlib.constants.Z_SYNC_FLUSH }).subarray(0, -4);
    ws.write(frame(deflated, { op: opcode.text, rsv: 4 }));
    const inflated = [];
    const inflate = zlib.createInflateRaw();
    inflate.on("data", (piece) => inflated.push(piece));
    for (let i = 0; i < 3; ++i) {
      const { rsv, payload } = await ws.frame();
      if (rsv === 0) inflated.push(payload);
      else await new Promise((done) => inflate.write(Buffer.concat([payload, Buffer.from([0, 0, 255, 255])]), done));
    }
    assert.match(Buffer.concat(inflated).toString(), /^0\{.*\}40\{"sid":"[\w-]{20}"\}42\["auth",\{\}\]$/);
    await ws.close();
  });

  it("answers only offers that it can keep, and never one that was not made", async () => {
    for (const offer of ["x-unknown", "permessage-deflate; foo=1", "permessage-deflate; server_max_window_bits=99"]) {
      const opened = WebSocket.open(server.b, target, { headers: { "Sec-WebSocket-Extensions": offer } });
      const result = await opened.catch((error) => error);
      assert.equal(result.response.header("sec-websocket-extensions"), undefined, offer);
      assert.ok([101, 400].includes(result.response.status), offer);
    }
  });
});

describe("a handshake is refused in plain text", sideBySide, () => {
  const query = "EIO=4&transport=websocket";
  // [what, query, body]
  const refusals = [
    ["an unknown transport", "EIO=4&transport=abc", "Transport unknown"],
    ["no transport", "EIO=4", "Transport unknown"],
    ["a transport named __proto__", "EIO=4&transport=__proto__", "Transport unknown"],
    ["webtransport", "EIO=4&transport=webtransport", "Transport unknown"],
    ["an unknown sid", `${query}&sid=nope`, "Session ID unknown"],
    ["a sid named __proto__", `${query}&sid=__proto__`, "Session ID unknown"],
    ["an unknown sid on an unknown transport", "EIO=4&transport=abc&sid=nope", "Transport unknown"],
    ["an unknown sid without EIO", "transport=websocket&sid=nope", "Session ID unknown"],
  ];
  for (const [what, wrong, body] of refusals)
    it(`for ${what}: ${body}`, () => assertRefused(server.a, `/socket.io/?${wrong}`, body));

  it("for another method than GET: Bad handshake method", () =>
    assertRefused(server.a, target, "Bad handshake method", { method: "POST" }));

  it("where allow_request refuses: Forbidden", () =>
    assertRefused(server.b, target, "Forbidden", { headers: { Origin: "http://evil.example" } }));

  for (const version of ["12", "14", "0", "abc", "", undefined])
    it(`for Sec-WebSocket-Version ${version}, and says which it speaks`, async () => {
      const response = await refusal(server.a, target, { headers: { "Sec-WebSocket-Version": version } });
      assert.deepEqual([response.status, response.text], [400, "Missing or invalid Sec-WebSocket-Version header"]);
      assert.match(response.header("sec-websocket-version"), /^13\b/);
      assert.equal(response.header("content-type"), "text/html");
    });

  for (const key of ["short", "dGhlIHNhbXBsZSBub25jZQ", "", undefined])
    it(`for Sec-WebSocket-Key ${key}`, async () => {
      const response = await refusal(server.a, target, { headers: { "Sec-WebSocket-Key": key } });
      assert.deepEqual([response.status, response.text], [400, "Missing or invalid Sec-WebSocket-Key header"]);
    });

  it("for another protocol than websocket: with 400, in whatever words", async () => {
    for (const Upgrade of ["h2c", "websocket2", ""]) {
      const response = await refusal(server.a, target, { headers: { Upgrade, Connection: "Upgrade, close" } });
      assert.equal(response.status, 400, Upgrade);
    }
  });

  it("for an EIO that is not spoken, instead of after a 101 as JS does", notInJs, async () => {
    for (const eio of ["EIO=3&", "EIO=abc&", ""])
      await assertRefused(server.a, `/socket.io/?${eio}transport=websocket`, "Unsupported protocol version");
  });

  it("for transport=polling, instead of a 101 and a close frame as in JS", notInJs, async () => {
    assert.equal((await refusal(server.a, "/socket.io/?EIO=4&transport=polling")).status, 400);
    const session = await Polling.open(server.b);
    assert.equal((await refusal(server.b, session.target)).status, 400);
    await session.send("40");
    assert.match(await session.receive(), /^40/);
  });

  it("on another path with 404, instead of silence for a second as in JS", notInJs, async () => {
    for (const path of ["/", "/socket.io?EIO=4&transport=websocket", "/engine.io/?EIO=4&transport=websocket"])
      assert.equal((await refusal(server.a, path)).status, 404, path);
  });

  it("on another path never with 101, and the connection ends", async () => {
    const connection = await Connection.open(server.a);
    connection.write(handshakeText("/other?EIO=4&transport=websocket"));
    await connection.end();
    assert.doesNotMatch(connection.received.toString("latin1"), /^HTTP\/1.1 101/);
  });
});
