// MessagePack instead of JSON: official clients with socket.io-msgpack-parser, and raw packets made by notepack.io.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import notepack from "notepack.io";
import parser from "socket.io-msgpack-parser";
import WebSocket from "ws";
import { ask, askAll, client, connected, limit, next, serverCommand, serverForSuite, ways, within } from "./support.mjs";

const command = `${serverCommand} --msgpack`;
const bytes = (...list) => Buffer.from(list);

/// A WebSocket in the namespace "/", speaking raw packets.
async function rawSession(url) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
  const waiting = [], messages = [];
  let over = false;
  const step = () => {
    while (waiting.length && (messages.length || over)) waiting.shift()(messages.shift());
  };
  socket.on("message", (data, isBinary) => {
    if (!isBinary && data.toString() === "2") return socket.send("3");
    messages.push(isBinary ? data : data.toString());
    step();
  });
  socket.on("close", () => {
    over = true;
    step();
  });
  const receive = () => within(new Promise((resolve) => (waiting.push(resolve), step())), "a message");
  const send = (packet) => socket.send(notepack.encode(packet));
  assert.match(await receive(), /^0/);
  send({ type: 0, nsp: "/" });
  const welcome = notepack.decode(await receive());
  assert.deepEqual(Object.keys(welcome), ["type", "nsp", "data"]);
  await receive();  // hello
  return { socket, send, receive };
}

// Numbers of every size, texts and binaries around each limit of a length, lists and objects of them.
function randomValue(depth) {
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  const size = () => pick([0, 1, 2, 15, 16, 31, 32, 33, 255, 256]);
  const whole = () => Math.floor((Math.random() - 0.5) * 2 ** pick([4, 6, 8, 9, 16, 17, 32, 33, 53]));
  const text = () => Array.from({ length: size() }, () => pick(["a", "é", "漢", "😀", "\0", "\u2028"])).join("");
  const fraction = () => (Math.random() - 0.5) * 10 ** Math.floor(Math.random() * 315 - 300);
  const few = (make) => Array.from({ length: pick([0, 1, 3, 15, 16, 17]) }, make);
  const kinds = [
    () => null, () => true, () => false, whole, fraction, text,
    () => Buffer.from(few(() => Math.floor(Math.random() * 256))),
    () => (depth ? few(() => randomValue(depth - 1)) : []),
    () => (depth ? Object.fromEntries(few(() => [`k${text()}`, randomValue(depth - 1)])) : {}),
  ];
  return pick(kinds)();
}

describe("MessagePack", () => {
  const server = serverForSuite({ command });

  for (const [way, transports] of Object.entries(ways)) {
    const options = { ...transports, parser };

    it(`${way}: events, acknowledgements and binaries, both ways`, limit, async () => {
      const socket = await connected(server.url, options);
      assert.equal(await ask(socket, "sum", 2, 3), 5);
      assert.deepEqual(await askAll(socket, "swap", { a: bytes(1) }, [bytes(), "é", 1.5, null]),
                       [[bytes(), "é", 1.5, null], { a: bytes(1) }]);
      assert.deepEqual(await askAll(socket, "upload", "data.bin", Buffer.alloc(100_000)), ["data.bin ok", 100_000]);
      socket.on("question", (a, b, answer) => answer(a * b));
      const answered = next(socket, "answered");
      socket.emit("ask me");
      assert.deepEqual(await answered, [true, 42]);
      socket.on("bytes please", (b, answer) => answer([b, bytes(7)]));
      const came = next(socket, "bytes came");
      socket.emit("ask me for bytes");
      assert.deepEqual(await came, [[bytes(0, 1, 2, 3, 4), bytes(7)]]);
    });

    it(`${way}: more than ten binaries in one packet`, limit, async () => {
      const socket = await connected(server.url, options);
      const many = Array.from({ length: 40 }, (_, i) => bytes(i));
      const echo = next(socket, "echo");
      socket.emit("echo", many);
      assert.deepEqual((await echo)[0], many);
    });

    it(`${way}: namespaces, rooms and broadcasts`, limit, async () => {
      const one = await connected(server.url, options);
      const other = await connected(`${server.url}/other`, options);
      assert.notEqual(one.id, other.id);
      const third = await connected(server.url, options);
      await ask(third, "join", "a");
      const said = next(third, "said");
      one.emit("say", "a", "hi");
      assert.deepEqual(await said, ["hi"]);
    });

    it(`${way}: a refusal comes with its data, a missing namespace with its sentence`, limit, async () => {
      const [refused] = await next(client(`${server.url}/members`, options), "connect_error");
      assert.equal(refused.message, "not authorized");
      assert.deepEqual(refused.data, { code: 401, hint: ["ask", "again"] });
      const [none] = await next(client(`${server.url}/none`, options), "connect_error");
      assert.equal(none.message, "Invalid namespace");
      const auth = { token: "secret", user: "Zoë" };
      assert.equal(await ask(await connected(`${server.url}/members`, { ...options, auth }), "who am I"), "Zoë");
    });
  }

  it("what is not in JSON arrives as it would from JSON", limit, async () => {
    const socket = await connected(server.url, { parser });
    const echo = next(socket, "echo");
    socket.emit("echo", { when: new Date(1.7e12), gone: undefined, list: [undefined], view: new Uint8Array([1, 2]) });
    assert.deepEqual((await echo)[0], { when: "2023-11-14T22:13:20.000Z", list: [null], view: bytes(1, 2) });
  });

  it("a thousand random values come back in the bytes that notepack gives them", limit, async () => {
    const { send, receive, socket } = await rawSession(server.url);
    for (let i = 0; i !== 1000; ++i) {
      const value = randomValue(3);
      send({ type: 2, nsp: "/", data: ["echo", value] });
      const expected = notepack.encode({ type: 2, nsp: "/", data: ["echo", value] });
      assert.ok(expected.equals(await receive()), JSON.stringify(value));
    }
    socket.close();
  });

  const wrong = {
    "a text": (s) => s.socket.send("42[\"a\"]"),
    "no MessagePack": (s) => s.socket.send(bytes(0xc1)),
    "a length that is only announced": (s) => s.socket.send(bytes(0xdd, 0xff, 0xff, 0xff, 0xff)),
    "a type of JSON packets": (s) => s.send({ type: 5, nsp: "/", data: ["a"] }),
    "no namespace": (s) => s.send({ type: 2, data: ["a"] }),
    "no list": (s) => s.send({ type: 2, nsp: "/", data: {} }),
    "a reserved name": (s) => s.send({ type: 2, nsp: "/", data: ["disconnect"] }),
    "half an id": (s) => s.send({ type: 2, nsp: "/", data: ["a"], id: 0.5 }),
  };
  for (const [what, act] of Object.entries(wrong))
    it(`${what} closes the connection`, limit, async () => {
      const session = await rawSession(server.url);
      act(session);
      assert.equal(await session.receive(), undefined);
    });

  it("a client that speaks JSON is turned away", limit, async () => {
    const socket = client(server.url, { transports: ["websocket"] });
    assert.deepEqual((await next(socket.io, "close"))[0], "transport close");
  });
});
