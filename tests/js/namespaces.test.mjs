// Namespaces over one connection, their middlewares, and what a refused client is told.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Manager } from "socket.io-client";
import { ask, client, connected, limit, listen, next, serverForSuite, ways } from "./support.mjs";

describe("namespaces", () => {
  const server = serverForSuite();

  /// Sockets of several namespaces over one connection.
  async function multiplexed(options, ...names) {
    const manager = new Manager(server.url, { reconnection: false, ...options });
    const sockets = names.map((name) => manager.socket(name));
    await Promise.all(sockets.map((socket) => next(socket, "connect")));
    return { manager, sockets, close: () => sockets.forEach((socket) => socket.disconnect()) };
  }

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: two namespaces share one connection, and do not mix`, limit, async () => {
      const { sockets: [root, other], close } = await multiplexed(options, "/", "/other");
      const heard = [root, other].map((socket) => listen(socket, "told"));
      assert.notEqual(root.id, other.id);
      root.emit("tell", "root");
      other.emit("tell", "other");
      assert.deepEqual(await Promise.all([ask(root, "sum", 1, 2), ask(other, "sum", 3, 4)]), [3, 7]);
      assert.deepEqual(heard, [["root"], ["other"]]);
      close();
    });

    it(`${way}: the right token opens the door`, limit, async () => {
      const auth = { token: "secret", user: "艾达" };
      const socket = await connected(`${server.url}/members`, { ...options, auth });
      assert.equal(await ask(socket, "who am I"), "艾达");
    });

    it(`${way}: a refused client is told why, with data`, limit, async () => {
      const socket = client(`${server.url}/members`, { ...options, auth: { token: "wrong" } });
      const [error] = await next(socket, "connect_error");
      assert.equal(error.message, "not authorized");
      assert.deepEqual(error.data, { code: 401, hint: ["ask", "again"] });
      assert.equal(socket.connected, false);
    });
  }

  it("a refused client may try again with another token, over the same connection", limit, async () => {
    const { manager, close } = await multiplexed({}, "/");
    const engine = manager.engine.id;
    const socket = manager.socket("/members", { auth: { token: "wrong" } });
    await next(socket, "connect_error");
    socket.auth = { token: "secret", user: "Ada" };
    socket.connect();
    await next(socket, "connect");
    assert.equal(await ask(socket, "who am I"), "Ada");
    assert.equal(manager.engine.id, engine);
    socket.disconnect();
    close();
  });

  it("a client without auth is refused like one with a wrong token", limit, async () => {
    const [error] = await next(client(`${server.url}/members`), "connect_error");
    assert.equal(error.message, "not authorized");
  });

  it("middlewares run in order, and may answer later", limit, async () => {
    const socket = client(`${server.url}/gates`);
    const [passed] = await next(socket, "passed");
    assert.deepEqual(passed, ["gate 1", "gate 2"]);
  });

  it("a refusal without data has none", limit, async () => {
    const [error] = await next(client(`${server.url}/gates`, { auth: { closed: true } }), "connect_error");
    assert.equal(error.message, "gate 2 is closed");
    assert.equal(error.data, undefined);
  });

  it("an unknown namespace is refused, and the others on that connection live on", limit, async () => {
    const { manager, sockets: [root], close } = await multiplexed({}, "/");
    const [error] = await next(manager.socket("/nowhere"), "connect_error");
    assert.equal(error.message, "Invalid namespace");
    assert.equal(await ask(root, "sum", 2, 2), 4);
    close();
  });

  it("leaving one namespace leaves the others joined", limit, async () => {
    const { manager, sockets: [root, other], close } = await multiplexed({}, "/", "/other");
    other.disconnect();
    assert.equal(await ask(root, "sum", 2, 3), 5);
    other.connect();
    await next(other, "connect");
    assert.equal(await ask(other, "sum", 3, 3), 6);
    assert.equal(manager.engine.readyState, "open");
    close();
  });
});
