// A session moves from polling to a WebSocket: probe, noop, upgrade, and every way in which that fails.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pause } from "./wire/connection.mjs";
import { request } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, join, Polling, Session } from "./wire/session.mjs";
import { frame, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const badRequest = '{"code":3,"message":"Bad request"}';
const open = () => Polling.open(server.b);

async function probe(client) {
  const ws = await WebSocket.open(client.port, client.upgradeTarget);
  ws.send("2probe");
  assert.equal(await ws.receive(), "3probe");
  return ws;
}

async function upgrade(client) {
  const ws = await probe(client);
  ws.send("5");
  return new Session(ws);
}

// Polls as a client does that knows nothing of the other transport; answers with all that came.
async function pollWhile(client, goesOn) {
  const packets = [];
  for (; goesOn(); await pause(50)) packets.push(await client.receive());
  return packets;
}

describe("upgrade", sideBySide, () => {
  it("takes probe, a noop for the poll that waits, and the upgrade packet; then talks over the WebSocket", async () => {
    const client = await join(await open());
    const poll = await client.pend();
    const ws = await probe(client);
    const { status, text } = await poll.response;
    assert.deepEqual([status, text], [200, "6"]);
    ws.send("5");
    await assertAlive(new Session(ws));
    await ws.close();
  });

  it("answers a poll that comes after the probe with a noop, too", async () => {
    const client = await open();
    const ws = await probe(client);
    const before = Date.now();
    assert.equal((await client.get()).text, "6");
    assert.ok(Date.now() - before < 800);
    assert.equal((await client.get()).text, "6");
    await ws.close();
  });

  it("without any poll in between works", async () => {
    const session = await upgrade(await join(await open()));
    await assertAlive(session);
    await session.close();
  });

  it("lets what is said while probing go through polling", async () => {
    const client = await join(await open());
    const ws = await probe(client);
    await client.send('42["message","by post"]');
    assert.match((await client.get()).text, /^(6\x1e)?42\["message-back","by post"\]$/);
    ws.send("5");
    await assertAlive(new Session(ws));
    await ws.close();
  });

  it("brings what still waited for a poll over to the WebSocket, in order, once", async () => {
    const client = await Polling.open(server.c, { path: "/engine.io/" });
    const ws = await probe(client);
    await client.send("4a", "4b", "bAQI=");
    ws.write(Buffer.concat(["5", "4c", "4d"].map((packet) => frame(packet))));
    const session = new Session(ws);
    assert.equal(await session.receive(), "4a");
    assert.equal(await session.receive(), "4b");
    assert.deepEqual(await session.receive(), Buffer.from([1, 2]));
    assert.equal(await session.receive(), "4c");
    assert.equal(await session.receive(), "4d");
    await session.close();
  });

  it("without waiting for the noop ends the poll that waits", async () => {
    const client = await join(await open());
    const poll = await client.pend();
    const session = await upgrade(client);
    await assertAlive(session);
    const { status, text } = await poll.response;
    assert.equal(status, 200);
    assert.match(text, /^[16]$/);
    await session.close();
  });

  it("done, every request by polling gets code 3, and the session lives", async () => {
    const client = await join(await open());
    const session = await upgrade(client);
    await assertAlive(session);
    for (const ask of [() => client.get(), () => client.post('42["message",1]'), () => client.get({ method: "PUT" })]) {
      const { status, text } = await ask();
      assert.deepEqual([status, text], [400, badRequest]);
    }
    await assertAlive(session);
    await session.close();
  });

  it("done, a further WebSocket is closed at once, and the session lives", async () => {
    const client = await join(await open());
    const session = await upgrade(client);
    await assertAlive(session);
    const second = await WebSocket.open(client.port, client.upgradeTarget);
    assert.equal(await second.closed(), 1005);
    await assertAlive(session);
    await session.close();
  });

  it("under way, a further WebSocket is closed at once, and the first goes on", async () => {
    const client = await join(await open());
    const first = await probe(client);
    const second = await WebSocket.open(client.port, client.upgradeTarget);
    assert.equal(await second.closed(), 1005);
    first.send("5");
    await assertAlive(new Session(first));
    await first.close();
  });

  it("of a session that began on a WebSocket: the further one is closed at once", async () => {
    const session = await join(await Session.open(server.b));
    const target = `/socket.io/?EIO=4&transport=websocket&sid=${session.handshake.sid}`;
    assert.equal(await (await WebSocket.open(server.b, target)).closed(), 1005);
    await assertAlive(session);
    await session.close();
  });

  it("for another EIO than the session's is refused with text, and the session is kept", async () => {
    const client = await open();
    const asked = WebSocket.open(client.port, client.upgradeTarget.replace("EIO=4", "EIO=3"));
    const { response } = await asked.then(
      () => ({}),
      (error) => error,
    );
    assert.deepEqual([response?.status, response?.text], [400, "Bad request"]);
    await join(client);
  });

  for (const first of ["4hello", "2", "2prob", "3", "3probe", "6", "1", "0", "abc", Buffer.from([1])])
    it(`begun with ${JSON.stringify(first)} closes that WebSocket, and the session stays on polling`, async () => {
      const client = await join(await open());
      const ws = await WebSocket.open(client.port, client.upgradeTarget);
      ws.send(first);
      assert.equal(await ws.closed(), 1005);
      await assertAlive(client);
      await (await upgrade(client)).close();
    });

  it("given up by the client leaves the session on polling, and it may try again", async () => {
    const client = await join(await open());
    await (await probe(client)).close();
    await assertAlive(client);
    (await probe(client)).connection.reset();
    await client.settle();
    await assertAlive(client);
    const session = await upgrade(client);
    await assertAlive(session);
    await session.close();
  });

  for (const probed of [false, true])
    it(`${probed ? "probed but " : ""}never finished is closed after upgrade_timeout, and polling goes on`, async () => {
      const client = await join(await open());
      const began = Date.now();
      const ws = await (probed ? probe(client) : WebSocket.open(client.port, client.upgradeTarget));
      const polls = pollWhile(client, () => !ws.connection.ended);
      assert.equal(await ws.closed(), 1005);
      const took = Date.now() - began;
      assert.ok(took >= 950 && took < 2500, `${took} ms`);
      await client.send('42["message","last"]');
      const last = '42["message-back","last"]';
      assert.ok((await polls).includes(last) || (await client.receive()) === last);
    });

  it("ends with the session", async () => {
    const client = await open();
    const ws = await probe(client);
    await client.send("1");
    assert.equal(await ws.closed(), 1005);
    await client.assertGone();
  });

  it("of a session that is gone is refused with text", async () => {
    const client = await open();
    await client.send("1");
    const { response } = await WebSocket.open(client.port, client.upgradeTarget).then(
      () => ({}),
      (error) => error,
    );
    assert.deepEqual([response?.status, response?.text], [400, "Session ID unknown"]);
    assert.equal((await request(server.b, "/x")).status, 404);
  });
});
