// Namespaces that clients make by naming them: who may, what they begin with, and when they go.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Manager } from "socket.io-client";
import { fileURLToPath } from "node:url";
import { ask, client, connected, limit, listen, next, serverForSuite, ways } from "./support.mjs";

const built = fileURLToPath(new URL("../../build/bin/spaces_server", import.meta.url));
const command = process.env.SIO_SPACES_SERVER ?? `"${built}"`;

describe("dynamic namespaces", () => {
  const server = serverForSuite({ command });
  const secret = { auth: { token: "secret" } };

  for (const [way, options] of Object.entries(ways))
    for (const name of ["/regex-1", "/glob-a", "/asked-a", "/later-a"])
      it(`${way}: a client may make ${name}`, limit, async () => {
        const socket = client(server.url + name, { ...options, ...secret });
        assert.deepEqual(await next(socket, "welcome"), [name]);
      });

  for (const name of ["/regex-x", "/glob", "/glob-a/b", "/Glob-a", "/other", "/__proto__", "/constructor", "/_0"])
    it(`nobody may make ${name}`, limit, async () => {
      const socket = client(server.url + name, secret);
      const [error] = await next(socket, "connect_error");
      assert.equal(error.message, "Invalid namespace");
      assert.equal(error.data, undefined);
    });

  it("a rule sees the client's auth", limit, async () => {
    const [error] = await next(client(`${server.url}/asked-b`, { auth: { token: "wrong" } }), "connect_error");
    assert.equal(error.message, "Invalid namespace");
    assert.deepEqual(await next(client(`${server.url}/asked-b`, secret), "welcome"), ["/asked-b"]);
  });

  it("a refused name leaves the others on that connection joined", limit, async () => {
    const manager = new Manager(server.url, { reconnection: false });
    const [root, bad, good] = ["/", "/bad", "/glob-good"].map((name) => manager.socket(name));
    await Promise.all([next(root, "connect"), next(bad, "connect_error"), next(good, "welcome")]);
    assert.ok(root.connected);
    for (const socket of [root, bad, good]) socket.disconnect();
  });

  it("two clients of one name are in one namespace, and of two names in two", limit, async () => {
    const names = ["/glob-x", "/glob-x", "/glob-y"];
    const sockets = await Promise.all(names.map((name) => connected(server.url + name)));
    const heard = sockets.map((socket) => listen(socket, "told"));
    sockets[0].emit("tell", "here");
    sockets[0].emit("tell family", "everywhere");
    await Promise.all(sockets.map(async (socket, i) => {
      while (heard[i].at(-1) !== "everywhere") await next(socket, "told");
    }));
    assert.deepEqual(heard, [["here", "everywhere"], ["here", "everywhere"], ["everywhere"]]);
  });

  it("a parent's middleware guards its children", limit, async () => {
    const [error] = await next(client(`${server.url}/regex-7`, { auth: { banned: true } }), "connect_error");
    assert.equal(error.message, "banned");
  });

  it("each new namespace is told of once, before its first client joins", limit, async () => {
    const root = await connected(server.url);
    const first = client(`${server.url}/glob-new`);
    await Promise.all([next(first, "welcome"), next(first, "greeted by new_namespace")]);
    await connected(`${server.url}/glob-new`);
    const made = await ask(root, "made");
    assert.equal(made.filter((name) => name === "/glob-new").length, 1);
  });
});

describe("dynamic namespaces that go when they are empty", () => {
  const server = serverForSuite({ command: `env SIO_CLEANUP=1 ${command}` });
  const count = (made) => made.filter((name) => name === "/glob-a").length;

  /// Joins until the namespace is a new one.
  async function joinAnew(root, times) {
    for (;;) {
      const socket = await connected(`${server.url}/glob-a`);
      const made = count(await ask(root, "made"));
      socket.disconnect();
      if (made === times) return;
    }
  }

  it("is made anew when its last client left", limit, async () => {
    const root = await connected(server.url);
    for (const times of [1, 2, 3]) await joinAnew(root, times);
  });

  it("stays while one client is there", limit, async () => {
    const root = await connected(server.url);
    const stays = await connected(`${server.url}/glob-a`);
    const before = count(await ask(root, "made"));
    const goes = await connected(`${server.url}/glob-a`);
    goes.disconnect();
    await connected(`${server.url}/glob-a`);
    assert.equal(count(await ask(root, "made")), before);
    assert.ok(stays.connected);
  });
});
