// The server pings, the client pongs: when, and what happens otherwise.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pause } from "./wire/connection.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, join, Polling, Session } from "./wire/session.mjs";
import { Closed, closeFrame, frame, opcode, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const engine = { path: "/engine.io/" };

async function took(promise) {
  const began = Date.now();
  await promise;
  return Date.now() - began;
}

function assertBetween(ms, from, to) {
  assert.ok(ms >= from && ms <= to, `${ms} ms is not within ${from} and ${to}`);
}

describe("heartbeat on a WebSocket", sideBySide, () => {
  it("pings every ping_interval, counted from the pong", async () => {
    const { ws } = await Session.open(server.c, engine);
    for (let i = 0; i < 3; ++i) {
      assertBetween(await took(ws.receive().then((packet) => assert.equal(packet, "2"))), 250, 600);
      await pause(i * 50);
      ws.send("3");
    }
    await ws.close();
  });

  it("closes a session that does not pong within ping_timeout, without a code", async () => {
    const { ws } = await Session.open(server.c, engine);
    assert.equal(await ws.receive(), "2");
    assertBetween(await took(ws.closed().then((code) => assert.equal(code, 1005))), 150, 500);
    await ws.connection.end();
  });

  it("goes on for as long as the client answers", async () => {
    const session = await join(await Session.open(server.a));
    for (let i = 0; i < 5; ++i) {
      assert.equal(await session.ws.receive(), "2");
      session.send("3");
    }
    await assertAlive(session);
    await session.close();
  });

  it("closes at a ping from the client", async () => {
    const session = await join(await Session.open(server.b));
    session.send("2");
    assert.equal(await session.ws.closed(), 1005);
  });

  it("takes a probe on a WebSocket that is no upgrade for such a ping", async () => {
    const session = await join(await Session.open(server.b));
    session.send("2probe");
    assert.equal(await session.ws.closed(), 1005);
  });

  it("does not mind pongs that it did not ask for, nor packets without use here", async () => {
    const session = await join(await Session.open(server.b));
    session.send("3", "3", "3probe", "5", "6", "0{}", "6x");
    await assertAlive(session);
    await session.close();
  });

  it("a close packet ends with the connection closed", async () => {
    const { ws } = await Session.open(server.a);
    ws.send("1");
    assert.ok([1005, 1006].includes(await ws.closed(2000)));
  });

  it("is put off once, and only once, by another packet than the pong", async () => {
    const session = await join(await Session.open(server.b));
    assert.equal(await session.ws.receive(), "2");
    const closing = took(session.ws.closed(4000).then((code) => assert.equal(code, 1005)));
    await pause(600);
    session.send("6");
    await pause(600);
    session.send("6");
    assertBetween(await closing, 1450, 2050);
  });

  it("answers WebSocket pings with pongs, at any time", async () => {
    const session = await Session.open(server.b);
    session.ws.write(frame("are you there", { op: opcode.ping }));
    const pong = await session.ws.frame();
    assert.deepEqual([pong.op, pong.payload.toString()], [opcode.pong, "are you there"]);
    await session.close();
  });
});

describe("heartbeat by polling", sideBySide, () => {
  it("pings in the poll that waits, every ping_interval", async () => {
    const client = await Polling.open(server.c, engine);
    for (let i = 0; i < 3; ++i) {
      assertBetween(await took(client.get().then(({ text }) => assert.equal(text, "2"))), 220, 600);
      await client.send("3");
    }
  });

  it("keeps the ping for the next poll", async () => {
    const client = await Polling.open(server.a);
    await pause(350);
    assertBetween(await took(client.get().then(({ text }) => assert.equal(text, "2"))), 0, 100);
  });

  it("forgets a session that does not pong", async () => {
    const client = await Polling.open(server.c, engine);
    assert.equal((await client.get()).text, "2");
    await pause(300);
    await client.assertGone();
  });

  it("forgets a session that never polls", async () => {
    const client = await Polling.open(server.a);
    await pause(700);
    await client.assertGone();
  });

  it("ends the poll that waits when the pong does not come", async () => {
    const client = await Polling.open(server.a);
    assert.equal((await client.get()).text, "2");
    const { status, text } = await client.get();
    assert.deepEqual([status, text], [200, "1"]);
    await client.assertGone();
  });

  it("goes on for as long as the client answers", async () => {
    const client = await join(await Polling.open(server.a));
    for (const end = Date.now() + 1700; Date.now() < end;) {
      const { text } = await client.get();
      assert.equal(text, "2");
      await client.send("3");
    }
    await assertAlive(client);
  });

  it("does not mind pongs that it did not ask for", async () => {
    const client = await join(await Polling.open(server.b));
    await client.send("3", "3", "3probe");
    await assertAlive(client);
  });
});

describe("the end of a WebSocket", sideBySide, () => {
  it("begun by the client is answered with its code, and the TCP connection ends", async () => {
    for (const code of [undefined, 1000, 1001, 3000, 4999]) {
      const session = await Session.open(server.b);
      session.ws.write(closeFrame(code));
      const error = await session.receive().catch((e) => e);
      assert.ok(error instanceof Closed);
      assert.equal(error.code, code ?? 1005);
      await session.ws.connection.end(1000);
    }
  });

  it("takes the session with it", async () => {
    const session = await join(await Session.open(server.b));
    await session.close();
    const target = `/socket.io/?EIO=4&transport=websocket&sid=${session.handshake.sid}`;
    const { response } = await WebSocket.open(server.b, target).catch((error) => error);
    assert.equal(response.text, "Session ID unknown");
  });
});
