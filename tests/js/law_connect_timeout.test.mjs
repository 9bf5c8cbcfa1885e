// A client that joins no namespace is closed after connect_timeout (1 s on A and B); one that did join is not.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pause } from "./wire/connection.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, join, joined, Polling, Session } from "./wire/session.mjs";
import { WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const refused = '44/random,{"message":"Invalid namespace"}';

async function assertCloses(promise, code) {
  const began = Date.now();
  assert.equal(await promise, code);
  const took = Date.now() - began;
  assert.ok(took >= 900 && took < 2000, `${took} ms`);
}

describe("a client that joins nothing", sideBySide, () => {
  for (const port of ["a", "b"])
    it(`is closed on a WebSocket of ${port.toUpperCase()}, without a code`, async () => {
      const session = await Session.open(server[port]);
      await assertCloses(session.closed(), 1005);
      await session.ws.connection.end();
    });

  it("though it was refused a namespace, is closed", async () => {
    const session = await Session.open(server.a);
    session.send("40/random");
    assert.equal(await session.receive(), refused);
    await assertCloses(session.closed(), 1005);
  });

  it("by polling gets 1 in the poll that waits, and the session is gone", async () => {
    const client = await Polling.open(server.a);
    await assertCloses(client.receive(), "1");
    await client.assertGone();
  });

  it("by polling, and does not poll just then, gets 1 when it polls again, after a ping that was due", async () => {
    const client = await Polling.open(server.b);
    await pause(1200);
    const packets = (await client.get()).text.split("\x1e");
    if (packets.at(-1) === "2") packets.push(...(await client.get()).text.split("\x1e"));
    assert.equal(packets.at(-1), "1");
    await client.assertGone();
  });

  it("and upgrades meanwhile, is closed all the same", async () => {
    const client = await Polling.open(server.a);
    const ws = await WebSocket.open(server.a, client.upgradeTarget);
    ws.send("2probe");
    assert.equal(await ws.receive(), "3probe");
    ws.send("5");
    await assertCloses(new Session(ws).closed(), 1005);
  });
});

describe("a client that joined", sideBySide, () => {
  for (const transport of Object.keys(joined))
    it(`is kept by ${transport}, even when it leaves again`, async () => {
      const session = await joined[transport](server.b);
      await session.send("41", "40/random");
      assert.equal(await session.receive(), refused);
      await pause(1300);
      await join(session);
      await assertAlive(session);
    });

  it("nothing but /custom is kept", async () => {
    const session = await join(await Session.open(server.a), "/custom");
    for (const end = Date.now() + 1300; Date.now() < end;) {
      assert.equal(await session.ws.receive(), "2");
      session.send("3");
    }
    await session.send('42/custom,["message",1]');
    assert.equal(await session.receive(), '42/custom,["message-back",1]');
    await session.close();
  });
});
