// Why a socket was disconnected, in the words of the JS packages, and what the client sees of it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Connection } from "./wire/connection.mjs";
import { requestText } from "./wire/http.mjs";
import { ProtocolServer, serverForFile } from "./wire/server.mjs";
import { join, joined, separator } from "./wire/session.mjs";
import { closeFrame, frame, opcode } from "./wire/websocket.mjs";

const options = { arguments: ["--reasons"] };
const server = await serverForFile(options);
const oneByOne = { timeout: 5000 };
const reason = async (from = server) => (await from.line(/^reason (\S+ .*)$/, 3000))[1];

describe("on a WebSocket", oneByOne, () => {
  // [what the client does, reason, the close code it sees or undefined]
  const cases = [
    ["sends what is no Engine.IO packet", (ws) => ws.send("abc"), "parse error", 1005],
    ["sends an empty frame", (ws) => ws.send(""), "parse error", 1005],
    ["sends an unknown Engine.IO type", (ws) => ws.send("8"), "parse error", 1005],
    ["sends a ping", (ws) => ws.send("2"), "transport error", 1005],
    ["sends what is no Socket.IO packet", (ws) => ws.send("4abc"), "forced close", 1005],
    ["sends a wrong payload", (ws) => ws.send("42{}"), "forced close", 1005],
    ["sends an empty message", (ws) => ws.send("4"), "forced close", 1005],
    ["sends binary without its event", (ws) => ws.send(Buffer.from([1, 2])), "forced close", 1005],
    ["sends a reserved event", (ws) => ws.send('42["disconnect"]'), "forced close", 1005],
    ["sends an event to a namespace not joined", (ws) => ws.send('42/foo,["a"]'), "forced close", 1005],
    ["connects twice", (ws) => ws.send("40"), "forced close", 1005],
    ["sends a CONNECT_ERROR", (ws) => ws.send('44{"message":"x"}'), "forced close", 1005],
    ["sends more than max_http_buffer_size", (ws) => ws.send("4" + "x".repeat(1e6)), "transport error", 1009],
    ["announces more than that", (ws) => ws.write(frame("42", { length: 1e6 + 1 })), "transport error", 1009],
    ["sends text that is no UTF-8", (ws) => ws.write(frame([0xff], { op: opcode.text })), "transport error", 1007],
    ["sends RSV bits", (ws) => ws.write(frame("42", { rsv: 3 })), "transport error", 1002],
    ["sends an unmasked frame", (ws) => ws.write(frame("42", { masked: false })), "transport error", 1002],
    ["closes", (ws) => ws.write(closeFrame(1000)), "transport close", 1000],
    ["closes without a code", (ws) => ws.write(closeFrame()), "transport close", 1005],
    ["ends the TCP connection", (ws) => ws.connection.halfClose(), "transport close"],
    ["breaks the TCP connection", (ws) => ws.connection.reset(), "transport close"],
  ];
  for (const [what, act, why, code] of cases)
    it(`a client that ${what}: ${why}`, async () => {
      const session = await joined.websocket(server.b);
      act(session.ws);
      assert.equal(await reason(), `/ ${why}`);
      if (code) assert.equal(await session.ws.closed(), code);
      session.ws.connection.destroy();
    });

  it("a client that leaves: client namespace disconnect, and the connection is kept", async () => {
    const session = await join(await joined.websocket(server.b), "/custom");
    session.send("41");
    assert.equal(await reason(), "/ client namespace disconnect");
    session.send("41/custom,");
    assert.equal(await reason(), "/custom client namespace disconnect");
    await join(session);
    await session.close();
    assert.equal(await reason(), "/ transport close");
  });

  it("a client that does not pong: ping timeout", async () => {
    const session = await joined.websocket(server.a);
    assert.equal(await reason(), "/ ping timeout");
    assert.equal(await session.ws.closed(), 1005);
  });

  it("every socket of the connection is told", async () => {
    const session = await join(await joined.websocket(server.b), "/custom");
    session.send("abc");
    assert.deepEqual([await reason(), await reason()].sort(), ["/ parse error", "/custom parse error"]);
  });
});

describe("by polling", oneByOne, () => {
  const pendingPost = (client) =>
    Connection.open(client.port).then((connection) =>
      connection.write(requestText(client.target, { method: "POST", headers: { "Content-Length": "9" }, body: "4" })),
    );
  // [what the client does, reason]
  const cases = [
    ["posts what is no Engine.IO packet", (client) => client.send("abc"), "parse error"],
    ["posts nothing", (client) => client.send(""), "parse error"],
    ["posts a ping", (client) => client.send("2"), "transport error"],
    ["posts a close packet", (client) => client.send("1"), "transport close"],
    [
      "posts octets",
      (c) => c.post("4", { headers: { "Content-Type": "application/octet-stream" } }),
      "transport error",
    ],
    ["posts what is no Socket.IO packet", (c) => c.send("4abc").then(() => c.get()), "forced close"],
    ["polls twice at once", (client) => client.pend().then(() => client.get()), "transport error"],
    ["posts twice at once", (client) => pendingPost(client).then(() => client.post("3")), "transport error"],
    ["abandons a poll", (client) => client.pend().then((poll) => poll.connection.destroy()), "transport error"],
    ["breaks a poll", (client) => client.pend().then((poll) => poll.connection.reset()), "transport error"],
  ];
  for (const [what, act, why] of cases)
    it(`a client that ${what}: ${why}`, async () => {
      await act(await joined.polling(server.b));
      assert.equal(await reason(), `/ ${why}`);
    });

  it("a client that stays away: ping timeout", async () => {
    await joined.polling(server.a);
    assert.equal(await reason(), "/ ping timeout");
  });

  it("a client that leaves: client namespace disconnect, and the session is kept", async () => {
    const client = await joined.polling(server.b);
    await client.send("41");
    assert.equal(await reason(), "/ client namespace disconnect");
    await join(client);
    await client.send("1");
    assert.equal(await reason(), "/ transport close");
  });
});

describe("when the server ends", oneByOne, () => {
  it("every socket hears: server shutting down; the WebSocket is closed, the poll answered", async () => {
    const ending = await ProtocolServer.start(options);
    const session = await joined.websocket(ending.b);
    const client = await joined.polling(ending.b);
    const poll = await client.pend();
    const stopped = ending.stop();
    assert.deepEqual([await reason(ending), await reason(ending)], Array(2).fill("/ server shutting down"));
    assert.ok([1001, 1005, 1006].includes(await session.ws.closed()));
    assert.equal((await poll.response).text.split(separator).at(-1), "1");
    await stopped;
  });
});
