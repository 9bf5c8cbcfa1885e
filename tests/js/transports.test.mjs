// Polling only, WebSocket only, upgrade: what each carries, what stays alive, what the handshake says.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask, client, connected, limit, next, nextMany, serverForSuite, ways } from "./support.mjs";

describe("transports", () => {
  const server = serverForSuite();

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: an event goes there and back`, limit, async () => {
      const socket = await connected(server.url, options);
      const answer = next(socket, "echo");
      socket.emit("echo", "hello");
      assert.deepEqual(await answer, ["hello"]);
      assert.equal(socket.io.engine.transport.name, way === "polling only" ? "polling" : "websocket");
    });

    it(`${way}: it outlives several heartbeats`, limit, async () => {
      const socket = await connected(server.url, options);
      await nextMany(socket.io, "ping", 3);
      assert.equal(await ask(socket, "sum", 1, 2), 3);
    });

    it(`${way}: the server greets with the id that the client has`, limit, async () => {
      const socket = client(server.url, { ...options, auth: { name: "Ada" } });
      const [id, auth] = await next(socket, "hello");
      assert.equal(id, socket.id);
      assert.match(id, /^[\w-]{20}$/);
      assert.deepEqual(auth, { name: "Ada" });
    });
  }

  it("WebSocket first, polling as a fallback, is served too", limit, async () => {
    const socket = await connected(server.url, { transports: ["websocket", "polling"] });
    assert.equal(socket.io.engine.transport.name, "websocket");
  });

  it("a client that does not want to upgrade stays on polling", limit, async () => {
    const socket = await connected(server.url, { upgrade: false, transports: ["polling", "websocket"] });
    assert.equal(await ask(socket, "sum", 1, 1), 2);
    assert.equal(socket.io.engine.transport.name, "polling");
  });

  it("query and auth of the handshake reach the handlers", limit, async () => {
    const options = { query: { name: "Grace Höpper & Co=?" }, auth: { list: [1, { deep: true }] } };
    const socket = await connected(server.url, options);
    const answer = new Promise((resolve) => socket.emit("handshake", "name", (...args) => resolve(args)));
    assert.deepEqual(await answer, [options.auth, options.query.name]);
  });

  it("twenty clients at once each get their own answers", limit, async () => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => connected(server.url)));
    const sums = await Promise.all(sockets.map((socket, i) => ask(socket, "sum", i, 1000)));
    assert.deepEqual(sums, sockets.map((_, i) => i + 1000));
  });
});
