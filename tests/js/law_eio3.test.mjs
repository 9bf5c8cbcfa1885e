// Engine.IO v3, the protocol of Socket.IO v2 clients, to the byte: handshake, payloads, heartbeat, upgrade, endings.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pause } from "./wire/connection.mjs";
import { binaryPayload, old, OldPolling, OldSession, textPayload } from "./wire/eio3.mjs";
import { request } from "./wire/http.mjs";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";
import { Polling, Session } from "./wire/session.mjs";
import { frame, opcode, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const badRequest = '{"code":3,"message":"Bad request"}';
const event = (name) => `451-["${name}",{"_placeholder":true,"num":0}]`;
const bytes = (...values) => Buffer.from(values);

async function assertAlive(client) {
  await client.send('42["message","still here"]');
  assert.equal(await client.receive(), '42["message-back","still here"]');
}

async function assertAnswer(response, status, text) {
  const answer = await response;
  assert.deepEqual([answer.status, answer.text], [status, text]);
}

describe("the handshake of an old client", sideBySide, () => {
  for (const query of ["EIO=3&", "EIO=3&b64=1&", "", "EIO=2&", "EIO=5&", "EIO=04&", "EIO=4&EIO=3&"])
    it(`with ${query || "no version"} is one packet behind its length`, async () => {
      const response = await request(server.f, `/socket.io/?${query}transport=polling`);
      const [, length, open] = /^(\d+):0(.*)$/.exec(response.text);
      assert.equal(Number(length), open.length + 1);
      const { sid, ...rest } = JSON.parse(open);
      assert.match(sid, /^[\w-]{20}$/);
      assert.deepEqual(rest, { upgrades: ["websocket"], pingInterval: 300, pingTimeout: 20000, maxPayload: 1000000 });
      assert.deepEqual(response.headers, {
        "access-control-allow-origin": "*",
        "content-type": "text/plain; charset=UTF-8",
        "cache-control": "no-store",
      });
    });

  it("on a WebSocket is the open packet, then the main namespace", async () => {
    const client = await OldSession.open(server.f);
    assert.deepEqual(client.handshake.upgrades, []);
    assert.equal(await client.receive(), "40");
    assert.equal(await client.receive(), '42["auth",{}]');
  });

  it("leaves new clients what they had", async () => {
    for (const way of [Polling, Session]) {
      const client = await way.open(server.f);
      await client.send("40");
      assert.match(await client.receive(), /^40\{"sid":"[\w-]{20}","pid":"[\w-]{20}"\}$/);
      assert.match(await client.receive(), /^42\["auth",\{\},"[^"]+"\]$/);
    }
  });

  it("is refused where nobody allowed it", async () => {
    const refusal = '{"code":5,"message":"Unsupported protocol version"}';
    await assertAnswer(request(server.a, "/socket.io/?EIO=3&transport=polling"), 400, refusal);
  });
});

// [what is posted, the body that answers it]; a Buffer is a body of bytes
const echoes = [
  [textPayload('42["message","a€😀"]'), textPayload('42["message-back","a€😀"]')],
  [textPayload('42["message",1]', '42["message",2]'), textPayload('42["message-back",1]', '42["message-back",2]')],
  ["0:" + textPayload('42["message",1]'), textPayload('42["message-back",1]')],
  ["00" + textPayload('42["message",1]'), textPayload('42["message-back",1]')],
  [textPayload("6", "5", "0{}", '42["message",1]'), textPayload('42["message-back",1]')],
  [textPayload("2"), textPayload("3")],
  [textPayload("2probe"), textPayload("3")],
  [textPayload("2", "2"), textPayload("3", "3")],
  [textPayload(event("message"), "b4AQIDBA=="), binaryPayload(event("message-back"), bytes(1, 2, 3, 4))],
  [textPayload(event("message"), "b4"), binaryPayload(event("message-back"), bytes())],
  [binaryPayload(event("message"), bytes(1, 2)), binaryPayload(event("message-back"), bytes(1, 2))],
  [binaryPayload(event("message"), "b4AQI="), binaryPayload(event("message-back"), bytes(1, 2))],
  [binaryPayload(event("message"), Buffer.alloc(300, 7)), binaryPayload(event("message-back"), Buffer.alloc(300, 7))],
  [binaryPayload('42["message","€😀"]'), textPayload('42["message-back","€😀"]')],
  [binaryPayload("2", '42["message",1]'), textPayload("3", '42["message-back",1]')],
];

const named = (body) => (Buffer.isBuffer(body) ? `<${body.toString("latin1")}>` : body);

describe("a payload of v3", sideBySide, () => {
  for (const [posted, answer] of echoes)
    it(`${named(posted)} is answered with ${named(answer)}`, async () => {
      const client = await old.polling(server.f);
      const taken = Buffer.isBuffer(posted) ? client.postBytes(posted) : client.post(posted);
      await assertAnswer(taken, 200, "ok");
      const response = await client.get();
      assert.deepEqual(response.body, Buffer.from(answer));
      const type = Buffer.isBuffer(answer) ? "application/octet-stream" : "text/plain; charset=UTF-8";
      assert.equal(response.header("content-type"), type);
    });

  it("has base64 for a client that asked for it at its handshake", async () => {
    const client = await old.polling(server.f, { query: "&b64=1" });
    await client.send(event("message"), "b4AQIDBA==");
    await assertAnswer(client.get(), 200, textPayload(event("message-back"), "b4AQIDBA=="));
  });

  it("has bytes if b64 is empty", async () => {
    const client = await old.polling(server.f, { query: "&b64=" });
    await client.send(event("message"), "b4AQI=");
    assert.deepEqual((await client.get()).body, binaryPayload(event("message-back"), bytes(1, 2)));
  });

  for (const body of ["", "3:4h", "x:4", "5", ":4", "-1:4", "1:9", "2:4", "1:61:x", '15:42["message",1]3'])
    it(`that is ${JSON.stringify(body)} ends the session`, async () => {
      const client = await old.polling(server.f);
      await assertAnswer(client.post(body), 200, "ok");
      await client.assertGone();
    });

  it("that is wrong behind a packet that ends the session is not heard any more", async () => {
    const client = await old.polling(server.f);
    await assertAnswer(client.post("4:4hey3"), 200, "ok");
    await assertAnswer(client.get(), 200, "1:61:1");
  });

  for (const body of [[0, 1, 255, 57], [0, 2, 255, 52, 128], [...Array(400).fill(0)]])
    it(`of the bytes ${body.slice(0, 9)} … ends the session`, async () => {
      const client = await old.polling(server.f);
      await assertAnswer(client.postBytes(bytes(...body)), 200, "ok");
      await client.assertGone();
    });

  // JS takes what there is, or ignores what it does not know.
  for (const body of [[0, 9, 9, 255, 52], [2, 1, 255, 4], [1, 0, 255], [1, 1, 255, 7], [0, 12, 255, 52]])
    it(`of the bytes ${body} ends the session`, notInJs, async () => {
      const client = await old.polling(server.f);
      await assertAnswer(client.postBytes(bytes(...body)), 200, "ok");
      await client.assertGone();
    });

  it("of no bytes says nothing", async () => {
    const client = await old.polling(server.f);
    await assertAnswer(client.postBytes(""), 200, "ok");
    await assertAlive(client);
  });
});

describe("a WebSocket of v3", sideBySide, () => {
  it("has binary messages behind their type, both ways", async () => {
    const client = await old.websocket(server.f);
    client.send(event("message"), bytes(4, 9, 8));
    assert.equal(await client.receive(), event("message-back"));
    assert.deepEqual(await client.receive(), bytes(4, 9, 8));
  });

  it("has base64 for a client that asked for it", async () => {
    const client = await old.websocket(server.f, { query: "&b64=1" });
    client.send(event("message"), "b4AQI=");
    assert.equal(await client.receive(), event("message-back"));
    assert.equal(await client.receive(), "b4AQI=");
  });

  it("answers pings, and ends at a pong", async () => {
    const client = await old.websocket(server.f);
    client.send("2", "2probe");
    assert.deepEqual([await client.receive(), await client.receive()], ["3", "3"]);
    client.send("3");
    assert.equal(await client.closed(), 1005);
  });

  for (const wrong of ["", "7", "abc"])
    it(`that brings ${JSON.stringify(wrong)} is closed`, async () => {
      const client = await old.websocket(server.f);
      client.ws.write(frame(wrong, { op: opcode.text }));
      assert.equal(await client.closed(), 1005);
    });

  for (const wrong of [bytes(), bytes(7), bytes(255, 1), "b", "b7AQI="])
    it(`that brings ${JSON.stringify(wrong)} is closed`, notInJs, async () => {
      const client = await old.websocket(server.f);
      client.send(wrong);
      assert.equal(await client.closed(), 1005);
    });
});

describe("a session of v3", sideBySide, () => {
  it("takes no request of another version, and a session of v4 none of v3", async () => {
    const client = await old.polling(server.f);
    for (const version of ["EIO=4", "EIO=4&EIO=4"]) {
      const target = client.target.replace("EIO=3", version);
      await assertAnswer(request(server.f, target), 400, badRequest);
      await assertAnswer(request(server.f, target, { method: "POST", body: "4a" }), 400, badRequest);
      const upgrade = target.replace("polling", "websocket");
      await assert.rejects(WebSocket.open(server.f, upgrade), /400 Bad request/);
    }
    await assertAlive(client);
    const modern = await Polling.open(server.f);
    await assertAnswer(request(server.f, modern.target.replace("EIO=4", "EIO=3")), 400, badRequest);
    await assertAnswer(request(server.f, modern.target.replace("EIO=4&", "")), 400, badRequest);
  });

  it("ends at a second poll: the first one gets the close packet", async () => {
    const client = await old.polling(server.f);
    const first = await client.pend();
    await assertAnswer(client.get(), 400, "");
    await assertAnswer(first.response, 200, "1:1");
  });

  it("ends at the client's close packet: the poll that waits gets a noop", async () => {
    const client = await old.polling(server.f);
    const poll = await client.pend();
    await assertAnswer(client.post("1:1"), 200, "ok");
    await assertAnswer(poll.response, 200, "1:6");
    await client.assertGone();
  });

  it("ends at a pong", async () => {
    const client = await old.polling(server.f);
    await client.send("3");
    await client.assertGone();
  });

  it("that the server ends says so to the next poll", async () => {
    const client = await old.polling(server.f);
    await client.send('42/unknown,["x"]');
    await assertAnswer(client.get(), 200, "1:61:1");
  });

  it("moves to a WebSocket", async () => {
    const client = await old.polling(server.f);
    const poll = await client.pend();
    const ws = await WebSocket.open(server.f, client.target.replace("polling", "websocket"));
    ws.send("2probe");
    assert.equal(await ws.receive(), "3probe");
    await assertAnswer(poll.response, 200, "1:6");
    ws.send("5");
    const session = new OldSession(ws);
    await assertAlive(session);
    session.send(event("message"), bytes(4, 1));
    assert.equal(await session.receive(), event("message-back"));
    assert.deepEqual(await session.receive(), bytes(4, 1));
    await assertAnswer(client.get(), 400, badRequest);
  });

  it("may take base64 on the WebSocket that it moves to", async () => {
    const client = await old.polling(server.f);
    const ws = await WebSocket.open(server.f, `${client.target.replace("polling", "websocket")}&b64=1`);
    ws.send("2probe");
    assert.equal(await ws.receive(), "3probe");
    ws.send("5", event("message"), "b4AQI=");
    assert.equal(await ws.receive(), event("message-back"));
    assert.equal(await ws.receive(), "b4AQI=");
  });
});

// 300 ms and 200 ms are this server's times.
describe("the heartbeat of v3", { timeout: 30_000 }, () => {
  const echo = { path: "/engine.io/" };

  it("is the client's: without a ping the session ends", async () => {
    const [polling, websocket] = [await OldPolling.open(server.g, echo), await OldSession.open(server.g, echo)];
    const began = Date.now();
    const poll = await polling.pend();
    assert.equal(await websocket.closed(), 1005);
    await assertAnswer(poll.response, 200, "1:1");
    assert.ok(Date.now() - began > 300);
  });

  it("is kept up by pings alone", async () => {
    const client = await OldSession.open(server.g, echo);
    for (let i = 0; i < 8; i++) {
      client.send("2");
      assert.equal(await client.receive(), "3");
      await pause(100);
    }
    client.send("4a");
    assert.equal(await client.receive(), "4a");
    for (let i = 0; i < 100 && !client.ws.connection.ended; i++) {
      client.send("4a");
      await pause(50);
    }
    assert.equal(await client.closed(), 1005);
  });
});
