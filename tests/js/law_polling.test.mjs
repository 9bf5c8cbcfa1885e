// A session over HTTP long-polling: payloads, overlapping requests, refused bodies, and how each ends it or does not.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Connection } from "./wire/connection.mjs";
import { chunked, readResponse, requestText } from "./wire/http.mjs";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, join, Polling, separator } from "./wire/session.mjs";

const server = await serverForFile();
const max = 1_000_000;
const echo = () => Polling.open(server.c, { path: "/engine.io/" });
const session = () => Polling.open(server.b);
const polled = async (from) => (await from.get()).text;

async function assertEmpty(response, status) {
  const { status: got, text } = await response;
  assert.deepEqual([got, text], [status, ""]);
}

describe("an answer", sideBySide, () => {
  it("to a POST is ok, with exactly these headers", async () => {
    const client = await Polling.open(server.a);
    const response = await client.post("40");
    assert.deepEqual([response.status, response.text], [200, "ok"]);
    assert.deepEqual(response.headers, {
      "access-control-allow-origin": "*",
      "content-type": "text/html",
      "cache-control": "no-store",
    });
  });

  it("to a poll carries its packets, with exactly these headers", async () => {
    const client = await Polling.open(server.a);
    await client.send("40/random,");
    const response = await client.get();
    assert.deepEqual([response.status, response.text], [200, '44/random,{"message":"Invalid namespace"}']);
    assert.deepEqual(response.headers, {
      "access-control-allow-origin": "*",
      "content-type": "text/plain; charset=UTF-8",
      "cache-control": "no-store",
    });
  });
});

// [what is posted, what the echo server answers it with]
const echoes = [
  ["4hello", "4hello"],
  ["4", "4"],
  ["4€ 😀", "4€ 😀"],
  ["4test1\x1e4test2\x1e4test3", "4test1\x1e4test2\x1e4test3"],
  ["4hello\x1ebAQIDBA==\x1e4€", "4hello\x1ebAQIDBA==\x1e4€"],
  ["bAQIDBA==", "bAQIDBA=="],
  ["bAQID", "bAQID"],
  ["bAQIDBA", "bAQIDBA=="],
  ["bAQI", "bAQI="],
  ["b-_-_", "b+/+/"],
  ["4line\nline\r\n\ttab", "4line\nline\r\n\ttab"],
  ["6\x1e4a", "4a"],
  ["3\x1e4a", "4a"],
  ["5\x1e4a", "4a"],
  ["0{}\x1e4a", "4a"],
];

describe("a payload", sideBySide, () => {
  for (const [posted, answer] of echoes)
    it(`${JSON.stringify(posted)} is echoed as ${JSON.stringify(answer)}`, async () => {
      const client = await echo();
      await client.send(posted);
      assert.equal(await polled(client), answer);
    });

  it("is taken under any text content type, and in chunks", async () => {
    const client = await echo();
    for (const type of ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "application/json"])
      await client.post(`4${type}`, { headers: { "Content-Type": type } });
    await client.post(chunked("4a€", "b", "c"), { headers: { "Transfer-Encoding": "chunked" } });
    assert.equal(
      await polled(client),
      ["4text/plain;charset=UTF-8", "4application/x-www-form-urlencoded", "4application/json", "4a€bc"].join(separator),
    );
  });

  it("reaches a poll that is already waiting", async () => {
    const client = await echo();
    const poll = await client.pend();
    await client.send("4now");
    assert.equal((await poll.response).text, "4now");
  });

  it("of several POSTs waits for the next poll, in order", async () => {
    const client = await echo();
    for (const word of ["4a", "4b", "bAQID", "4c"]) await client.send(word);
    assert.equal(await polled(client), "4a\x1e4b\x1ebAQID\x1e4c");
  });

  it("of exactly max_http_buffer_size is taken", async () => {
    const client = await echo();
    const body = "4" + "x".repeat(max - 1);
    await client.send(body);
    assert.ok((await polled(client)) === body);
  });

  it("goes through one kept-alive TCP connection, request after request", async () => {
    const client = await echo();
    const connection = await Connection.open(server.c);
    for (const word of ["4one", "4two"]) {
      connection.write(requestText(client.target, { method: "POST", body: word }));
      assert.equal((await readResponse(connection)).text, "ok");
      connection.write(requestText(client.target));
      assert.equal((await readResponse(connection)).text, word);
    }
    connection.destroy();
  });
});

describe("a wrong packet", sideBySide, () => {
  for (const body of ["abc", "7", "8", "", "x4a", "\x1e4a", " 4a"])
    it(`${JSON.stringify(body)} is answered ok, and the session is gone`, async () => {
      const client = await session();
      await client.send(body);
      await client.assertGone();
    });

  it("after right ones lets those through", async () => {
    const client = await echo();
    const poll = await client.pend();
    await client.send("4a\x1e\x1e4b");
    assert.match((await poll.response).text, /^4a/);
    await client.assertGone();
  });

  it("of Socket.IO is answered 6 and 1 by the next poll, and the session is gone", async () => {
    const client = await join(await session());
    await client.send("4abc");
    assert.equal(await polled(client), "6\x1e1");
    await client.assertGone();
  });

  it("of Socket.IO ends a poll that waits with 1", async () => {
    const client = await join(await session());
    const poll = await client.pend();
    await client.send("4abc");
    assert.equal((await poll.response).text, "1");
    await client.assertGone();
  });

  it("an event before CONNECT is answered 6 and 1 by the next poll", async () => {
    const client = await session();
    await client.send('42["message"]');
    assert.equal(await polled(client), "6\x1e1");
    await client.assertGone();
  });

  it("a ping from the client ends the session", async () => {
    const client = await session();
    await client.send("2");
    await client.assertGone();
  });
});

describe("a close packet", sideBySide, () => {
  it("ends the poll that waits with 6, is answered ok, and the session is gone", async () => {
    const client = await session();
    const poll = await client.pend();
    await client.send("1");
    const { status, text } = await poll.response;
    assert.deepEqual([status, text], [200, "6"]);
    await client.assertGone();
  });

  it("without a poll is answered ok, and the session is gone", async () => {
    const client = await session();
    await client.send("1");
    await client.assertGone();
  });
});

describe("requests that overlap", sideBySide, () => {
  it("two polls: the first gets 1, the second an empty 400, the session is gone", async () => {
    const client = await session();
    const first = await client.pend();
    await assertEmpty(client.get(), 400);
    const { status, text } = await first.response;
    assert.deepEqual([status, text], [200, "1"]);
    await client.assertGone();
  });

  it("two POSTs: the second gets an empty 400, the first no ok, the poll that waits 1, the session is gone", async () => {
    const client = await session();
    const poll = await client.pend();
    const first = await Connection.open(server.b);
    first.write(requestText(client.target, { method: "POST", headers: { "Content-Length": "10" }, body: "40" }));
    await client.settle();
    await assertEmpty(client.post("40"), 400);
    assert.equal((await poll.response).text, "1");
    const answer = await readResponse(first).catch(() => ({ status: 400 }));
    assert.equal(answer.status, 400);
    await client.assertGone();
  });

  it("a poll and a POST do not", async () => {
    const client = await join(await session());
    const poll = await client.pend();
    await client.send('42["message",1]');
    assert.equal((await poll.response).text, '42["message-back",1]');
    await assertAlive(client);
  });

  it("a poll that the client abandons ends the session", async () => {
    const client = await session();
    const poll = await client.pend();
    poll.connection.destroy();
    await poll.connection.closed;
    await client.settle();
    await client.assertGone();
  });

  it("a POST that the client abandons in its body ends the session", async () => {
    const client = await session();
    const post = await Connection.open(server.b);
    post.write(requestText(client.target, { method: "POST", headers: { "Content-Length": "10" }, body: "40" }));
    await client.settle();
    post.destroy();
    await post.closed;
    await client.settle();
    await client.assertGone();
  });
});

describe("a refused request", sideBySide, () => {
  it("a POST of application/octet-stream gets an empty 400, and the session is gone", async () => {
    const client = await session();
    await assertEmpty(client.post("\x04\x01", { headers: { "Content-Type": "application/octet-stream" } }), 400);
    await client.assertGone();
  });

  for (const method of ["PUT", "DELETE", "PATCH"])
    it(`${method} on a session gets an empty 500 without headers of Engine.IO, and the session is kept`, async () => {
      const client = await Polling.open(server.c, { path: "/engine.io/" });
      const response = await client.get({ method });
      assert.deepEqual([response.status, response.text], [500, ""]);
      assert.deepEqual(response.headers, { "access-control-allow-origin": "*" });
      await client.send("4kept");
      assert.equal(await polled(client), "4kept");
    });

  it("HEAD on a session gets 500, and the session is kept", async () => {
    const client = await session();
    assert.equal((await client.get({ method: "HEAD" })).status, 500);
    await join(client);
  });

  it("a body one byte too large gets an empty 413, and the session is kept", async () => {
    const client = await join(await session());
    await assertEmpty(client.post("4" + "x".repeat(max)), 413);
    await assertAlive(client);
  });

  it("a too large body counts bytes, not letters", async () => {
    const client = await session();
    await assertEmpty(client.post("4" + "€".repeat(max / 3 + 1)), 413);
    await join(client);
  });

  it("a too large body in chunks gets an empty 413, and the session is kept", async () => {
    const client = await join(await session());
    const body = chunked(...Array.from({ length: 11 }, () => "x".repeat(100_000)));
    await assertEmpty(client.post(body, { headers: { "Transfer-Encoding": "chunked" } }), 413);
    await assertAlive(client);
  });

  it("a too large body is refused from its Content-Length alone", notInJs, async () => {
    const client = await join(await session());
    const head = { method: "POST", headers: { "Content-Length": String(max + 1) } };
    await assertEmpty(client.post(undefined, { ...head, body: "4" }), 413);
    await assertAlive(client);
  });
});
