// Thousands of short connections of every kind: the server keeps neither descriptors nor memory of them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Connection, pause } from "./wire/connection.mjs";
import { request, requestText } from "./wire/http.mjs";
import { notSanitized, ProtocolServer, serverForFile } from "./wire/server.mjs";
import { joined, Polling, Session } from "./wire/session.mjs";
import { frame, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const scale = Number(process.env.SIO_CHURN_SCALE ?? 1);
const abandon = async (connection) => (await connection).reset();

const kinds = [
  () => abandon(Connection.open(server.a)),
  () => abandon(Connection.open(server.a).then((c) => c.write("GET /soc"))),
  () => request(server.a, "/socket.io/?EIO=4&transport=polling"),
  () => request(server.a, "/elsewhere"),
  () => request(server.a, "/socket.io/?EIO=4&transport=abc"),
  async () => (await joined.polling(server.a)).send("1"),
  async () => (await (await Polling.open(server.a)).pend()).connection.reset(),
  async () => (await joined.websocket(server.b)).close(),
  async () => (await joined.websocket(server.b)).ws.connection.reset(),
  async () => (await Session.open(server.c, { path: "/engine.io/" })).send("4x").ws.connection.destroy(),
  async () => (await WebSocket.open(server.e, "/")).write(frame("x", { rsv: 7 })).closed(),
  async () => {
    const client = await Polling.open(server.b);
    const ws = await WebSocket.open(server.b, client.upgradeTarget);
    await ws.send("2probe").receive();
    ws.send("5").connection.destroy();
  },
  async () => {
    const { target } = await Polling.open(server.a);
    await abandon(Connection.open(server.a).then((c) => c.write(requestText(target, { method: "POST", body: "42[" }))));
  },
];

async function churn(count, width = 20) {
  let next = 0;
  const worker = async () => {
    while (next < count) await kinds[next++ % kinds.length]();
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/// Waits until it has no more descriptors open than `limit`.
async function settled(from, limit) {
  for (let i = 0; i < 60 && from.descriptors > limit; ++i) await pause(100);
  assert.ok(from.descriptors <= limit, `${from.descriptors} descriptors, not ${limit}`);
}

describe("churn", { timeout: 60_000 * scale }, () => {
  it("of 2,000 connections leaves at most 8 descriptors and 40 MiB", async () => {
    const descriptors = server.descriptors;
    await churn(500);
    await settled(server, descriptors + 8);
    const memory = server.memory;
    await churn(2000 * scale);
    await settled(server, descriptors + 8);
    server.assertMemoryWithin(40, memory);
  });

  it("of 300 connections open at once leaves none", async () => {
    const descriptors = server.descriptors;
    const all = await Promise.all(Array.from({ length: 300 }, () => WebSocket.open(server.e, "/")));
    assert.ok(server.descriptors >= descriptors + 290);
    all.forEach((ws) => ws.connection.destroy());
    await settled(server, descriptors + 8);
  });
});

describe("a server", { timeout: 20_000 }, () => {
  it("with 200 idle or half-done connections uses less than 5 % of a core", async () => {
    const open = (bytes) => Connection.open(server.a).then((connection) => connection.write(bytes));
    const idle = await Promise.all(
      Array.from({ length: 200 }, (_, i) => (i % 2 ? WebSocket.open(server.e, "/") : open("GET / HTTP/1.1\r\nX: "))),
    );
    await pause(200);
    const used = server.cpu;
    await pause(2000);
    assert.ok(server.cpu - used <= 0.1, `${server.cpu - used} s of 2 s`);
    idle.forEach((peer) => (peer.connection ?? peer).destroy());
  });

  it("out of descriptors keeps its sessions, does not spin, and accepts again later", notSanitized, async () => {
    const small = await ProtocolServer.start({ before: "ulimit -n 64;" });
    const session = await Session.open(small.b);
    const crowd = await Promise.all(Array.from({ length: 100 }, () => Connection.open(small.b)));
    session.send("40");
    assert.match(await session.receive(), /^40/);
    const used = small.cpu;
    await pause(1000);
    assert.ok(small.cpu - used < 0.3, `${small.cpu - used} s of 1 s`);
    crowd.forEach((connection) => connection.destroy());
    await pause(1200);
    assert.equal((await request(small.b, "/x")).status, 404);
    await session.close();
    await small.stop();
  });
});
