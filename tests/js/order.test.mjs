// Large and many: nothing lost, nothing twice, nothing out of order, also while the transport changes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NodeWebSocket, NodeXHR } from "socket.io-client";
import { ask, askAll, client, connected, limit, listen, next, nextMany, serverForSuite, ways } from "./support.mjs";

const many = 10_000;
const upTo = (n) => Array.from({ length: n }, (_, i) => i);
const large = 900_000;

/// A client on polling that tries its WebSocket only when told to.
async function waitingForUpgrade(url) {
  let open;
  const told = new Promise((resolve) => (open = resolve));
  class PatientWebSocket extends NodeWebSocket {
    doOpen() {
      told.then(() => super.doOpen());
    }
  }
  const socket = client(url, { transports: [NodeXHR, PatientWebSocket] });
  await next(socket, "connect");
  return { socket, upgrade: () => (open(), next(socket.io.engine, "upgrade")) };
}

describe("large and many", () => {
  const server = serverForSuite();

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: ${many} events to the server arrive in order`, limit, async () => {
      const socket = await connected(server.url, options);
      for (const i of upTo(many)) socket.emit("number", i);
      assert.deepEqual(await askAll(socket, "numbers"), [many, true]);
    });

    it(`${way}: ${many} events from the server arrive in order`, limit, async () => {
      const socket = await connected(server.url, options);
      const numbers = nextMany(socket, "number", many);
      socket.emit("count to", many);
      assert.deepEqual((await numbers).flat(), upTo(many));
    });

    it(`${way}: a text of 900 kB goes there and back`, limit, async () => {
      const socket = await connected(server.url, options);
      const text = "大".repeat(large / 3 - 20) + "end";
      assert.equal(await ask(socket, "length", text), Buffer.byteLength(text));
      const answer = next(socket, "echo");
      socket.emit("echo", text);
      assert.ok((await answer)[0] === text);
    });

    // In base64, as polling sends it, 900 kB of binary would be above the server's limit for one body.
    it(`${way}: a large binary goes there and back`, limit, async () => {
      const socket = await connected(server.url, options);
      const bytes = Buffer.alloc(way === "polling only" ? 700_000 : large, "0123456789abcdef\xff");
      const answer = next(socket, "echo");
      socket.emit("echo", { bytes });
      assert.ok((await answer)[0].bytes.equals(bytes));
    });
  }

  it(`${many} events each way are none lost across the upgrade`, limit, async () => {
    const { socket, upgrade } = await waitingForUpgrade(server.url);
    const numbers = nextMany(socket, "number", many);
    const send = async (from, to) => {
      for (let n = from; n < to; n += 100) {
        for (const i of upTo(100)) socket.emit("number", n + i);
        await new Promise(setImmediate);
      }
    };
    await send(0, 2500);
    assert.equal(socket.io.engine.transport.name, "polling");
    socket.emit("count to", many);
    const upgraded = upgrade();
    await send(2500, 7500);
    await upgraded;
    assert.equal(socket.io.engine.transport.name, "websocket");
    await send(7500, many);
    assert.deepEqual(await askAll(socket, "numbers"), [many, true]);
    assert.deepEqual((await numbers).flat(), upTo(many));
  });

  it("events and binaries interleaved keep their order", limit, async () => {
    const socket = await connected(server.url);
    const echoes = nextMany(socket, "echo", 300);
    const sent = upTo(300).map((i) => (i % 3 ? { i } : { i, bytes: Buffer.from([i % 256]) }));
    for (const value of sent) socket.emit("echo", value);
    assert.deepEqual((await echoes).flat(), sent);
  });

  it("what was emitted before the connection stood is sent when it stands", limit, async () => {
    const socket = client(server.url);
    for (const i of upTo(50)) socket.emit("number", i);
    assert.deepEqual(await askAll(socket, "numbers"), [50, true]);
  });

  it("volatile events may be dropped, but neither reordered nor doubled", limit, async () => {
    const socket = await connected(server.url);
    const ticks = listen(socket, "ticked");
    const end = next(socket, "all ticked");
    socket.emit("tick", 1000);
    await end;
    assert.ok(ticks.length <= 1000);
    assert.deepEqual(ticks, [...new Set(ticks)].sort((a, b) => a - b));
  });
});
