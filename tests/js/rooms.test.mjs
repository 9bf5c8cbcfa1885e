// Rooms and broadcasts between several clients: who hears it, and who does not.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask, connected, limit, listen, next, serverForSuite, settle, several, ways } from "./support.mjs";

describe("rooms", () => {
  const server = serverForSuite();

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: a broadcast reaches everybody once, from whomever it comes`, limit, async () => {
      const sockets = await several(4, server.url, options);
      const heard = sockets.map((socket) => listen(socket, "told"));
      for (const [i, socket] of sockets.entries()) {
        const arrivals = sockets.map((each) => next(each, "told"));
        socket.emit("tell", { from: i, text: "你好 👋" });
        await Promise.all(arrivals);
      }
      const all = sockets.map((_, i) => ({ from: i, text: "你好 👋" }));
      assert.deepEqual(heard, sockets.map(() => all));
    });

    it(`${way}: what is said in a room stays in it`, limit, async () => {
      const [speaker, member, stranger] = await several(3, server.url, options);
      const heard = [speaker, member, stranger].map((socket) => listen(socket, "said"));
      await ask(speaker, "join", "kitchen");
      await ask(member, "join", "kitchen");
      speaker.emit("say", "kitchen", "for the others");
      speaker.emit("say to all", "kitchen", "for all");
      await settle(speaker, member, stranger);
      assert.deepEqual(heard, [["for all"], ["for the others", "for all"], []]);
    });
  }

  it("a broadcast with binary reaches clients on either transport", limit, async () => {
    const sockets = await Promise.all(Object.values(ways).map((options) => connected(server.url, options)));
    const arrivals = sockets.map((socket) => next(socket, "told"));
    const value = { image: Buffer.from([1, 2, 3]), list: [Buffer.from([4])] };
    sockets[0].emit("tell", value);
    for (const arrival of arrivals) assert.deepEqual(await arrival, [value]);
  });

  it("a shout reaches all but the one who shouts", limit, async () => {
    const [loud, one, two] = await several(3, server.url);
    const heard = [loud, one, two].map((socket) => listen(socket, "shouted"));
    loud.emit("shout", "boo");
    await settle(loud, one, two);
    assert.deepEqual(heard, [[], ["boo"], ["boo"]]);
  });

  it("who is in both of two rooms hears it once", limit, async () => {
    const [speaker, both, first] = await several(3, server.url);
    const heard = [both, first].map((socket) => listen(socket, "said"));
    await Promise.all([ask(both, "join", "red"), ask(both, "join", "blue"), ask(first, "join", "red")]);
    speaker.emit("say to both", "red", "blue", "once");
    await settle(speaker, both, first);
    assert.deepEqual(heard, [["once"], ["once"]]);
  });

  it("who is in an excepted room does not hear it", limit, async () => {
    const [speaker, member, muted] = await several(3, server.url);
    const heard = [member, muted].map((socket) => listen(socket, "said"));
    await Promise.all([ask(member, "join", "hall"), ask(muted, "join", "hall"), ask(muted, "join", "muted")]);
    speaker.emit("say except", "hall", "muted", "psst");
    await settle(speaker, member, muted);
    assert.deepEqual(heard, [["psst"], []]);
  });

  it("who left hears no more", limit, async () => {
    const [speaker, member] = await several(2, server.url);
    const heard = listen(member, "said");
    assert.deepEqual(await ask(member, "join", "café 室"), ["café 室"]);
    speaker.emit("say", "café 室", "first");
    await settle(speaker, member);
    assert.deepEqual(await ask(member, "leave", "café 室"), []);
    speaker.emit("say", "café 室", "second");
    await settle(speaker, member);
    assert.deepEqual(heard, ["first"]);
  });

  it("a socket's id is a room of its own", limit, async () => {
    const [one, two] = await several(2, server.url);
    const said = next(two, "said");
    one.emit("say", two.id, "for you alone");
    assert.deepEqual(await said, ["for you alone"]);
  });

  it("rooms of the same name in two namespaces are two rooms", limit, async () => {
    const [one, two] = [await connected(server.url), await connected(`${server.url}/other`)];
    const heard = listen(two, "said");
    await ask(two, "join", "shared");
    one.emit("say to all", "shared", "not for /other");
    await ask(one, "rooms");
    two.emit("say to all", "shared", "for /other");
    await settle(two);
    assert.deepEqual(heard, ["for /other"]);
  });
});
