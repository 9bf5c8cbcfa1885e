// Clients that ask and never read: what waits for them is bounded, and others do not wait.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { Connection, pause } from "./wire/connection.mjs";
import { request, requestText } from "./wire/http.mjs";
import { notInJs, serverForFile } from "./wire/server.mjs";
import { assertAlive, joined, Polling } from "./wire/session.mjs";
import { frame, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const bounded = { timeout: 15_000, ...notInJs };
const mebibyte = 1024 * 1024;
const rest = [];
after(() => rest.forEach((connection) => connection.destroy()));

/// Sends `bytes` again and again to a peer whose answers nobody reads, until cut off, stalled, or past `limit`.
async function flood(connection, bytes, limit) {
  rest.push(connection);
  let sent = 0;
  for (let stalled = false; sent < limit && !stalled && !connection.socket.destroyed; sent += bytes.length)
    stalled = await Promise.race([connection.writeAll(bytes), pause(1000).then(() => true)]);
  return sent;
}

const big = "x".repeat(500_000);

describe("a client that never reads", bounded, () => {
  it("on a WebSocket of Socket.IO does not fill the server's memory, and others are served at once", async () => {
    const before = server.memory;
    const other = await joined.websocket(server.b);
    const ws = await WebSocket.open(server.b, "/socket.io/?EIO=4&transport=websocket", { paused: true });
    ws.send("40");
    const flooding = flood(ws.connection, frame(`42["message","${big}"]`), 200 * mebibyte);
    const began = Date.now();
    await assertAlive(other);
    assert.ok(Date.now() - began < 1500);
    await flooding;
    server.assertMemoryWithin(64, before);
    await other.close();
  });

  it("on a WebSocket of Engine.IO does not", async () => {
    const before = server.memory;
    const path = "/engine.io/?EIO=4&transport=websocket";
    const ws = await WebSocket.open(server.c, path, { paused: true });
    await flood(ws.connection, frame(`4${big}`), 200 * mebibyte);
    server.assertMemoryWithin(64, before);
  });

  it("on a raw WebSocket does not", async () => {
    const before = server.memory;
    const ws = await WebSocket.open(server.e, "/", { paused: true });
    await flood(ws.connection, frame(big), 500 * mebibyte);
    server.assertMemoryWithin(350, before); // a few of its largest messages
  });

  it("but sends WebSocket pings does not", async () => {
    const before = server.memory;
    const ws = await WebSocket.open(server.b, "/socket.io/?EIO=4&transport=websocket", { paused: true });
    const pings = Buffer.concat(Array(5000).fill(frame("x".repeat(125), { op: 9 })));
    await flood(ws.connection, pings, 100 * mebibyte);
    server.assertMemoryWithin(64, before);
  });

  it("by polling, and only posts, does not", async () => {
    const before = server.memory;
    const client = await joined.polling(server.b);
    for (let i = 0; i < 100; ++i) {
      const { status } = await client.post(`42["message","${big}"]`);
      if (status !== 200) break;
    }
    server.assertMemoryWithin(64, before);
  });

  it("by HTTP, and asks for more and more pages, does not", async () => {
    const before = server.memory;
    const connection = await Connection.open(server.b, { paused: true });
    await flood(
      connection,
      Buffer.concat(Array(5000).fill(requestText("/socket.io/?EIO=4&transport=abc"))),
      100 * mebibyte,
    );
    server.assertMemoryWithin(64, before);
  });

  it("leaves nothing behind once it is gone", async () => {
    const before = server.memory;
    rest.splice(0).forEach((connection) => connection.destroy());
    await pause(500);
    server.assertMemoryWithin(64, before);
    assert.equal((await request(server.b, "/x")).status, 404);
    assert.ok(await Polling.open(server.b));
  });
});
