// WebSocket peers that misuse frames, compression and the moment of the upgrade; JS servers have died of some of these.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import zlib from "node:zlib";
import { Connection, pause } from "./wire/connection.mjs";
import { readResponse, request } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, joined, Polling, Session } from "./wire/session.mjs";
import { frame, handshakeText, opcode, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const target = "/socket.io/?EIO=4&transport=websocket";
const continued = (payload, fin = false) => frame(payload, { op: opcode.continuation, fin });

describe("frames", sideBySide, () => {
  it("with RSV bits in the same packet as the handshake close with 1002 (CVE-2022-21676)", async () => {
    for (const rsv of [1, 2, 3, 4, 7]) {
      const ws = await WebSocket.open(server.a, target, { after: frame("40", { rsv }) });
      assert.equal(await ws.closed(), 1002);
    }
  });

  it("that grow beyond max_http_buffer_size by fragments close with 1009", async () => {
    const session = await joined.websocket(server.b);
    const piece = Buffer.alloc(300_000, "x");
    session.ws.write(
      Buffer.concat([frame(piece, { op: opcode.text, fin: false }), continued(piece), continued(piece)]),
    );
    session.ws.write(continued(piece));
    assert.equal(await session.closed(), 1009);
  });

  for (const [what, bytes] of [
    ["one byte", "x"],
    ["no byte", ""],
  ])
    it(`in more fragments of ${what} than max_fragments close with 1008 or 1009 (CVE-2026-48779)`, async () => {
      const session = await joined.websocket(server.b);
      const first = frame(bytes, { op: opcode.text, fin: false });
      await session.ws.connection.writeAll(Buffer.concat([first, ...Array(20_000).fill(continued(bytes))]));
      assert.ok([1008, 1009].includes(await session.closed()));
    });

  it("of 10,000 fragments make one message", async () => {
    const session = await joined.websocket(server.b);
    const word = "x".repeat(10_000);
    const pieces = [...word].map((letter) => continued(letter));
    session.ws.write(Buffer.concat([frame('42["message","', { fin: false }), ...pieces, continued('"]', true)]));
    assert.equal(await session.receive(), `42["message-back","${word}"]`);
    await session.close();
  });

  it("of 10,000 pings and pongs in one write do no harm", async () => {
    const session = await joined.websocket(server.b);
    const control = [frame("", { op: opcode.ping }), frame("", { op: opcode.pong })];
    await session.ws.connection.writeAll(Buffer.concat(Array(10_000).fill(control).flat()));
    await assertAlive(session);
    await session.close();
  });

  it("of 20,000 Engine.IO pongs in one write do no harm (CVE-2026-48802)", async () => {
    const session = await joined.websocket(server.b);
    await session.ws.connection.writeAll(Buffer.concat(Array(20_000).fill(frame("3"))));
    await assertAlive(session);
    await session.close();
  });

  it("of a message of just max_http_buffer_size are taken", async () => {
    const session = await joined.websocket(server.b);
    const text = `42["message","${"x".repeat(1_000_000 - 16)}"]`;
    assert.equal(text.length, 1_000_000);
    session.send(text);
    assert.equal((await session.receive()).length, text.length + "-back".length);
    await session.close();
  });

  it("cut anywhere, byte by byte, say the same", async () => {
    const session = await joined.websocket(server.b);
    const stream = Buffer.concat([
      frame('42["message","a"]'),
      frame("hi", { op: opcode.ping }),
      frame('42["message","€"]'),
    ]);
    for (const size of [1, 2, 3, 5, 7]) {
      await session.ws.connection.writePieces(stream, size);
      assert.equal(await session.receive(), '42["message-back","a"]');
      assert.equal(await session.receive(), '42["message-back","€"]');
    }
    await session.close();
  });

  it("of random bytes close", async () => {
    for (let i = 0; i < 20; ++i) {
      const ws = await WebSocket.open(server.a, target);
      ws.write(randomBytes(2000));
      await ws.closed();
      ws.connection.destroy();
    }
  });

  it("after a close frame are ignored, however many", async () => {
    const session = await joined.websocket(server.b);
    session.send("2");
    session.ws.connection.writeAll(Buffer.concat(Array(1000).fill(frame('42["message","late"]'))));
    assert.equal(await session.closed(), 1005);
    await session.ws.connection.end();
  });
});

describe("a handshake", sideBySide, () => {
  it("refused, then reset by the client, does no harm (CVE-2022-41940)", async () => {
    for (const wrong of [
      "/socket.io/?EIO=4&transport=abc",
      `${target}&sid=nope`,
      "/socket.io/?transport=websocket",
      "/x",
    ])
      for (let i = 0; i < 10; ++i) {
        const connection = await Connection.open(server.a);
        connection.write(handshakeText(wrong));
        if (i % 2) await pause(i);
        connection.reset();
      }
    assert.equal((await request(server.a, "/x")).status, 404);
  });

  it("reset at once, or right after the 101, frees the session", async () => {
    for (let i = 0; i < 20; ++i) {
      const connection = await Connection.open(server.a);
      connection.write(handshakeText(target));
      if (i % 2) await readResponse(connection);
      connection.reset();
    }
    assert.equal((await request(server.a, "/x")).status, 404);
  });

  for (const name of [
    "Sec-WebSocket-Extensions",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
  ])
    for (const value of [
      "constructor",
      "__proto__",
      ",,,,",
      ";;;=;",
      "a".repeat(8000),
      `x${" ".repeat(8000)}y`,
      "a,".repeat(4000),
    ])
      it(`with ${name}: ${value.slice(0, 12)} (${value.length}) is answered quickly`, async () => {
        const began = Date.now();
        const connection = await Connection.open(server.b);
        connection.write(handshakeText(target, { headers: { [name]: value } }));
        const { status } = await readResponse(connection);
        assert.ok([101, 400, 431].includes(status));
        assert.ok(Date.now() - began < 1500);
        connection.destroy();
      });
});

/// A message of zeros, deflated by the sender.
const bomb = (size) =>
  zlib.deflateRawSync(Buffer.alloc(size, "0"), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).subarray(0, -4);
const offer = { headers: { "Sec-WebSocket-Extensions": "permessage-deflate" } };

describe("compression", sideBySide, () => {
  it("of 50 MB into 50 KB costs 1009 at the limit, ten at once, and no memory", async () => {
    const before = server.memory;
    const bytes = frame(bomb(50_000_000), { op: opcode.text, rsv: 4 });
    const all = await Promise.all(Array.from({ length: 10 }, () => WebSocket.open(server.b, target, offer)));
    for (const ws of all) {
      assert.equal(ws.response.header("sec-websocket-extensions"), "permessage-deflate");
      ws.write(bytes);
    }
    for (const ws of all) assert.equal(await ws.closed(), 1009);
    server.assertMemoryWithin(120, before);
  });

  it("of bytes that are no deflate stream closes", async () => {
    const ws = await WebSocket.open(server.b, target, offer);
    assert.equal(ws.response.header("sec-websocket-extensions"), "permessage-deflate");
    ws.write(frame(Buffer.alloc(100, 0xff), { op: opcode.text, rsv: 4 }));
    assert.ok([1002, 1007].includes(await ws.closed()));
  });

  it("of a fragment that is no first one closes with 1002", async () => {
    const ws = await WebSocket.open(server.b, target, offer);
    assert.equal(ws.response.header("sec-websocket-extensions"), "permessage-deflate");
    ws.write(Buffer.concat([frame("4", { fin: false }), frame("x", { op: opcode.continuation, rsv: 4 })]));
    assert.equal(await ws.closed(), 1002);
  });
});

describe("upgrades", sideBySide, () => {
  it("of one session, ten at once: one wins, the others are closed, nothing hangs", async () => {
    const client = await Polling.open(server.b);
    const all = await Promise.all(Array.from({ length: 10 }, () => WebSocket.open(server.b, client.upgradeTarget)));
    all.forEach((ws) => ws.send("2probe"));
    const answers = await Promise.all(all.map((ws) => ws.receive().catch((error) => error.code)));
    assert.equal(answers.filter((answer) => answer === "3probe").length, 1, answers.join());
    assert.equal(answers.filter((answer) => answer === 1005).length, 9, answers.join());
    const winner = new Session(all[answers.indexOf("3probe")]);
    winner.send("5", "40");
    assert.match(await winner.receive(), /^40/);
    await winner.close();
  });

  it("reset at each step leave the session on polling", async () => {
    const client = await Polling.open(server.b);
    const steps = [
      async () => {},
      async (ws) => ws.send("2probe"),
      async (ws) => (ws.send("2probe"), ws.receive()),
      async (ws) => ws.write(frame("2probe").subarray(0, 5)),
    ];
    for (const step of steps) {
      const ws = await WebSocket.open(server.b, client.upgradeTarget);
      await step(ws);
      ws.connection.reset();
      await client.settle();
    }
    await client.send("40");
    assert.match(await client.receive(), /^40/);
  });

  it("reset right after the upgrade packet ends the session, or was too late to be one", async () => {
    const client = await Polling.open(server.b);
    const ws = await WebSocket.open(server.b, client.upgradeTarget);
    ws.send("2probe");
    assert.equal(await ws.receive(), "3probe");
    ws.send("5").connection.reset();
    await client.settle();
    const { status } = await client.post("3");
    assert.ok([200, 400].includes(status));
  });
});
