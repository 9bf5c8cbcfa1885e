// Connection state recovery with official clients whose TCP connections are really cut: nothing is lost.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { ask, connected, limit, listen, next, serverCommand, serverForSuite, ways } from "./support.mjs";
import { Proxy } from "./wire/proxy.mjs";

const proxies = [];
async function network(server) {
  proxies.push(await Proxy.to(server.port));
  return proxies.at(-1);
}
const closeNetworks = () => proxies.splice(0).forEach((proxy) => proxy.close());

/// A client that comes back by itself, at once.
function persistent(url, options = {}) {
  return connected(url, { reconnection: true, reconnectionDelay: 5, reconnectionDelayMax: 20, ...options });
}

/// Cuts the network, lets something happen, and waits until every client is back.
async function away(proxy, clients, meanwhile) {
  const left = clients.map((socket) => next(socket, "disconnect"));
  proxy.cut();
  await Promise.all(left);
  await meanwhile();
  const back = clients.map((socket) => next(socket, "connect"));
  proxy.mend();
  await Promise.all(back);
}

describe("recovery", () => {
  const server = serverForSuite({ command: `${serverCommand} --recovery` });
  afterEach(closeNetworks);

  for (const [way, options] of Object.entries(ways))
    it(`gives back what was missed, in order, with its id and rooms: ${way}`, limit, async () => {
      const proxy = await network(server);
      const [socket, other] = [await persistent(proxy.url, options), await connected(server.url)];
      assert.equal(socket.recovered, false);
      assert.deepEqual(await ask(socket, "join", "room"), ["room"]);
      const heard = [];
      for (const name of ["told", "said", "shouted"]) socket.on(name, (what) => heard.push([name, what]));
      const { id } = socket;
      await away(proxy, [socket], async () => {
        other.emit("tell", 1);
        other.emit("say", "room", "two");
        other.emit("say", "elsewhere", "not for us");
        other.emit("shout", { bytes: Buffer.from([3]) });
        other.emit("say to all", id, "four");
        await ask(other, "nothing");
      });
      assert.equal(socket.recovered, true);
      assert.equal(socket.id, id);
      assert.deepEqual(heard, [["told", 1], ["said", "two"], ["shouted", { bytes: Buffer.from([3]) }], ["said", "four"]]);
      assert.deepEqual(await ask(socket, "rooms"), ["room"]);
    });

  it("loses and repeats nothing, however often the network is cut", limit, async () => {
    const proxy = await network(server);
    const receivers = await Promise.all([
      persistent(proxy.url, { transports: ["websocket"] }),
      persistent(proxy.url, { transports: ["polling"] }),
      persistent(`${proxy.url}/other`, { transports: ["websocket"] }),
    ]);
    const heard = receivers.map((socket) => {
      const all = listen(socket, "told");
      return () => all.map(([what]) => (Buffer.isBuffer(what) ? what.readInt32LE() : what));
    });
    const senders = [await connected(server.url), await connected(`${server.url}/other`)];
    const count = 600;
    const asBytes = (i) => Buffer.from(Int32Array.of(i).buffer);
    const sending = (async () => {
      for (let i = 0; i !== count; ++i) {
        for (const sender of senders) sender.emit("tell", i % 3 === 0 ? asBytes(i) : i);
        if (i % 10 === 9) await ask(senders[0], "nothing");
      }
    })();
    for (let i = 0; i !== 8; ++i) await away(proxy, receivers, () => ask(senders[0], "nothing"));
    await sending;
    for (const sender of senders) await ask(sender, "nothing");
    const expected = Array.from({ length: count }, (_, i) => i);
    for (const [i, socket] of receivers.entries()) {
      while (heard[i]().length < count) await next(socket, "told");
      assert.deepEqual(heard[i](), expected);
      assert.equal(socket.recovered, true);
    }
  });

  it("gives all namespaces of a connection back", limit, async () => {
    const proxy = await network(server);
    const main = await persistent(proxy.url, { transports: ["websocket"], forceNew: false, multiplex: true });
    const other = main.io.socket("/other");
    await next(other, "connect");
    const told = listen(other, "told");
    const teller = await connected(`${server.url}/other`);
    const ids = [main.id, other.id];
    await away(proxy, [main, other], async () => {
      teller.emit("tell", "missed");
      await ask(teller, "nothing");
    });
    assert.deepEqual([main.recovered, other.recovered], [true, true]);
    assert.deepEqual([main.id, other.id], ids);
    assert.deepEqual(told.map(([what]) => what), ["missed"]);
    other.disconnect();
  });

  it("keeps a socket's data", limit, async () => {
    const proxy = await network(server);
    const socket = await persistent(proxy.url, { transports: ["websocket"] });
    socket.emit("number", 0);
    socket.emit("number", 1);
    assert.deepEqual(await askNumbers(socket), [2, true]);
    await away(proxy, [socket], async () => {});
    socket.emit("number", 2);
    assert.deepEqual(await askNumbers(socket), [3, true]);
  });

  it("works for a client that received no event yet", limit, async () => {
    const proxy = await network(server);
    const socket = await persistent(`${proxy.url}/members`, { auth: { token: "secret" }, transports: ["websocket"] });
    const { id } = socket;
    await away(proxy, [socket], async () => {});
    assert.equal(socket.recovered, true);
    assert.equal(socket.id, id);
  });

  it("works before the server has noticed the loss", limit, async () => {
    const proxy = await network(server);
    const socket = await persistent(proxy.url, { transports: ["websocket"] });
    const watcher = await connected(server.url);
    await ask(watcher, "join", "watchers");
    const gone = next(watcher, "gone");
    const { id } = socket;
    const back = next(socket, "connect");
    proxy.cutSilently();
    await back;
    assert.deepEqual([socket.recovered, socket.id], [true, id]);
    assert.deepEqual((await gone).slice(0, 2), [id, "forced close"]);
    assert.deepEqual(await ask(socket, "sum", 1, 2), 3);
  });

  it("is not for a client that left", limit, async () => {
    const socket = await persistent(server.url, { transports: ["websocket"] });
    const { id } = socket;
    socket.disconnect();
    const back = next(socket, "connect");
    socket.connect();
    await back;
    assert.equal(socket.recovered, false);
    assert.notEqual(socket.id, id);
  });
});

/// Two results: how many numbers came, and whether in order.
async function askNumbers(socket) {
  const [error, ...answer] = await new Promise((resolve) => socket.timeout(20_000).emit("numbers", (...all) => resolve(all)));
  assert.equal(error, null);
  return answer.length === 1 ? answer[0] : answer;
}
