// Sessions under clients that overlap, break off, vanish, or bring somebody else's sid.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Connection, pause } from "./wire/connection.mjs";
import { chunked, readResponse, request, requestText } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { assertAlive, join, joined, Polling, Session, unknownSid } from "./wire/session.mjs";
import { frame, handshakeText, WebSocket } from "./wire/websocket.mjs";

const server = await serverForFile();
const handshake = "/socket.io/?EIO=4&transport=polling";
const times = (count, make) => Promise.all(Array.from({ length: count }, (_, i) => make(i)));

describe("on one session", sideBySide, () => {
  it("twenty polls at once: one gets 1, the others an empty 400 or code 1, nothing hangs", async () => {
    const client = await Polling.open(server.b);
    const answers = await times(20, () => client.get());
    const texts = answers.map(({ status, text }) => `${status} ${text}`);
    assert.equal(texts.filter((text) => text === "200 1").length, 1, texts.join(" | "));
    assert.ok(
      texts.every((text) => ["200 1", "400 ", `400 ${unknownSid}`].includes(text)),
      texts.join(" | "),
    );
    await client.assertGone();
  });

  it("twenty POSTs at once are each answered or cut off, nothing hangs", async () => {
    const client = await Polling.open(server.b);
    const answers = await times(20, () => client.post("3").catch(() => ({ status: 400 })));
    assert.ok(answers.every(({ status }) => [200, 400].includes(status)));
  });

  it("polls, POSTs and upgrades at once are each answered, nothing hangs", async () => {
    const client = await Polling.open(server.b);
    const upgrade = () => WebSocket.open(server.b, client.upgradeTarget).then((ws) => (ws.send("2probe"), ws.close()));
    const act = [() => client.get(), () => client.post("3"), upgrade];
    await times(30, (i) => act[i % 3]().catch(() => {}));
    assert.ok([200, 400].includes((await client.post("3")).status));
  });

  it("an abandoned poll frees what waits, and a later one may not come back", async () => {
    const client = await join(await Polling.open(server.b));
    const poll = await client.pend();
    poll.connection.reset();
    await client.settle();
    await client.assertGone();
  });
});

/// How far a client gets before it breaks off; each leaves its connection behind.
const stages = {
  "at once": () => Connection.open(server.b),
  "in a request line": () => Connection.open(server.b).then((c) => c.write("GET /socket.io/?EIO=4&tra")),
  "in a head": () => Connection.open(server.b).then((c) => c.write("POST /socket.io/ HTTP/1.1\r\nHost: x\r\nCont")),
  "after a request": () => Connection.open(server.b).then((c) => c.write(requestText(handshake))),
  "after a handshake": () => Polling.open(server.b).then(() => Connection.open(server.b)),
  "in a body": async () => {
    const { target } = await Polling.open(server.b);
    const headers = { "Content-Length": "100" };
    return (await Connection.open(server.b)).write(requestText(target, { method: "POST", headers, body: "42" }));
  },
  "in a chunk": async () => {
    const { target } = await Polling.open(server.b);
    const body = chunked('42["message"]').slice(0, -9);
    const headers = { "Transfer-Encoding": "chunked" };
    return (await Connection.open(server.b)).write(requestText(target, { method: "POST", headers, body }));
  },
  "in a poll": async () => (await (await Polling.open(server.b)).pend()).connection,
  "in a poll of a socket": async () => (await (await joined.polling(server.b)).pend()).connection,
  "in a WebSocket handshake": () =>
    Connection.open(server.b).then((c) =>
      c.write(handshakeText("/socket.io/?EIO=4&transport=websocket").subarray(0, -4)),
    ),
  "before the 101": () =>
    Connection.open(server.b).then((c) => c.write(handshakeText("/socket.io/?EIO=4&transport=websocket"))),
  "after the open packet": async () => (await Session.open(server.b)).ws.connection,
  "in a frame's head": async () => (await joined.websocket(server.b)).ws.connection.write(Buffer.from([0x81])),
  "in a frame": async () =>
    (await joined.websocket(server.b)).ws.connection.write(frame('42["message"]').subarray(0, -4)),
  "in a fragmented message": async () =>
    (await joined.websocket(server.b)).ws.connection.write(frame('42["mess', { fin: false })),
  "between an event and its attachment": async () =>
    (await joined.websocket(server.b)).send('451-["message",{"_placeholder":true,"num":0}]').ws.connection,
  "with an answer under way": async () =>
    (await joined.websocket(server.b)).send(`42["message","${"x".repeat(500_000)}"]`).ws.connection,
  "after a close frame": async () => (await joined.websocket(server.b)).ws.write(frame("", { op: 8 })).connection,
  "in an upgrade": async () =>
    (await WebSocket.open(server.b, (await joined.polling(server.b)).upgradeTarget)).connection,
  "in a probe": async () =>
    (await WebSocket.open(server.b, (await joined.polling(server.b)).upgradeTarget)).send("2probe").connection,
};

describe("a client that breaks off", sideBySide, () => {
  const ends = { reset: (connection) => connection.reset(), FIN: (connection) => connection.destroy() };
  for (const [stage, reach] of Object.entries(stages))
    for (const [how, end] of Object.entries(ends))
      it(`${stage}, by ${how}, disturbs nobody`, async () => {
        const other = await joined.websocket(server.b);
        for (let i = 0; i < 3; ++i) end(await reach());
        await assertAlive(other);
        await other.close();
      });
});

describe("clients that broke off", sideBySide, () => {
  it("anywhere leave no descriptor behind", async () => {
    await pause(300);
    const before = server.descriptors;
    for (let i = 0; i < 5; ++i) for (const reach of Object.values(stages)) (await reach()).reset();
    for (let i = 0; i < 30 && server.descriptors > before + 2; ++i) await pause(100);
    assert.ok(server.descriptors <= before + 2, `${server.descriptors} descriptors, ${before} before`);
  });
});

describe("sessions that nobody takes care of", sideBySide, () => {
  it("500 handshakes by polling, never polled, are gone after interval and timeout", async () => {
    const sessions = [];
    for (let i = 0; i < 500; i += 25) sessions.push(...(await times(25, () => Polling.open(server.a))));
    await pause(800);
    for (const session of [sessions[0], sessions[250], sessions[499]]) await session.assertGone();
  });

  it("100 WebSockets that say nothing are closed, others are not", async () => {
    const other = await joined.websocket(server.a);
    const silent = await times(100, () => Session.open(server.a));
    const codes = await Promise.all([...silent.map(({ ws }) => ws.closed()), assertAlive(other)]);
    assert.ok(codes.slice(0, 100).every((code) => code === 1005));
    await other.close();
  });
});

describe("a sid", sideBySide, () => {
  it("that is not a session's is not repeated in any answer", async () => {
    for (const sid of [
      "<script>alert(1)</script>",
      "%3Cscript%3E",
      "%0d%0aSet-Cookie:%20a=b",
      "%00",
      "'\"",
      "../../x",
      "%F0%9F%98%80",
    ]) {
      const response = await request(server.b, `${handshake}&sid=${sid}`);
      assert.ok([400].includes(response.status), sid);
      assert.doesNotMatch(response.text, /script|Set-Cookie|\.\.\//);
      assert.equal(response.header("set-cookie"), undefined);
    }
  });

  it("that is nearly a session's is nobody's", async () => {
    const client = await Polling.open(server.b);
    const { sid } = client;
    for (const near of [sid.slice(0, -1), `${sid}A`, sid.toLowerCase(), `${sid}%00`, `${sid}%20`, `%20${sid}`])
      if (near !== sid) assert.equal((await request(server.b, `${handshake}&sid=${near}`)).text, unknownSid, near);
    await join(client);
  });

  it("given twice counts once, and as one of the two", async () => {
    const client = await Polling.open(server.b);
    const { status } = await request(server.b, `${handshake}&sid=nope&sid=${client.sid}`, {
      method: "POST",
      body: "40",
    });
    assert.equal(status, 200);
    assert.match(await client.receive(), /^40/);
  });

  it("of a WebSocket, brought by somebody else, does its owner no harm", async () => {
    const owner = await joined.websocket(server.b);
    const target = `${handshake}&sid=${owner.handshake.sid}`;
    for (const options of [{}, { method: "POST", body: "1" }, { method: "POST", body: "abc" }, { method: "PUT" }])
      assert.equal((await request(server.b, target, options)).text, '{"code":3,"message":"Bad request"}');
    const second = await WebSocket.open(server.b, target.replace("polling", "websocket"));
    assert.equal(await second.closed(), 1005);
    await assertAlive(owner);
    await owner.close();
  });

  it("of another listener is nobody's", async () => {
    const client = await Polling.open(server.a);
    assert.equal((await request(server.b, `${handshake}&sid=${client.sid}`)).text, unknownSid);
  });

  it("cannot be guessed from others: a hundred of them all begin differently", async () => {
    const sessions = await times(100, () => Polling.open(server.b));
    const starts = new Set(sessions.map(({ sid }) => sid.slice(0, 6)));
    assert.equal(starts.size, 100);
  });
});

describe("pipelining", sideBySide, () => {
  it("a poll with requests behind it on the same connection is answered in order, or the connection ends", async () => {
    const client = await joined.polling(server.b);
    const connection = await Connection.open(server.b);
    connection.write(Buffer.concat([requestText(client.target), ...Array(50).fill(requestText("/x"))]));
    assert.equal((await readResponse(connection)).text, "2");
    for (let i = 0; i < 50; ++i) assert.equal((await readResponse(connection)).status, 404);
    connection.destroy();
  });

  it("a poll with megabytes behind it costs no memory", async () => {
    const client = await joined.polling(server.b);
    const before = server.memory;
    const connection = await Connection.open(server.b);
    connection.write(requestText(client.target));
    const flood = connection.writeAll(Buffer.concat(Array(400_000).fill(Buffer.from(requestText("/x")))));
    await Promise.race([flood, pause(700)]);
    server.assertMemoryWithin(100, before);
    connection.destroy();
  });
});
