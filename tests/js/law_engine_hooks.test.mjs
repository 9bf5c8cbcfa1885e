// The hooks of the engine: middlewares, ids, headers and refusals, as the official server has them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { client, engineServerCommand as command, limit, next, serverForSuite, ways } from "./support.mjs";
import { request } from "./wire/http.mjs";
import { Polling } from "./wire/session.mjs";
import { WebSocket } from "./wire/websocket.mjs";

const target = (query) => `/socket.io/?${query}`;
const polling = target("EIO=4&transport=polling");
const websocket = target("EIO=4&transport=websocket");

describe("a listener to connection_error", () => {
  const server = serverForSuite({ command });
  const failures = async () => JSON.parse((await request(server.port, "/failures")).text);

  /// What it hears of a request, and what the client hears.
  async function refusalOf(url, options) {
    await failures();
    const response = await request(server.port, url, options);
    const [{ url: heard, ...failure }, ...more] = await failures();
    assert.deepEqual([heard, more], [url, []]);
    return { ...failure, status: response.status, body: JSON.parse(response.text) };
  }
  const refusal = (code, message, context, status = 400, said = message) => ({
    code, message, context, status, body: { code, message: said },
  });

  it("hears of an unknown transport", limit, async () => {
    for (const transport of ["abc", "__proto__", "webtransport"]) {
      const got = await refusalOf(target(`EIO=4&transport=${transport}`));
      assert.deepEqual(got, refusal(0, "Transport unknown", { transport }));
    }
  });

  it("hears of an unknown session", limit, async () => {
    for (const sid of ["abc", "__proto__"])
      assert.deepEqual(await refusalOf(`${polling}&sid=${sid}`), refusal(1, "Session ID unknown", { sid }));
  });

  it("hears of a handshake that is no GET", limit, async () => {
    for (const method of ["POST", "PUT", "OPTIONS"])
      assert.deepEqual(await refusalOf(polling, { method }), refusal(2, "Bad handshake method", { method }));
  });

  it("hears of bad requests, by name", limit, async () => {
    const { sid } = await Polling.open(server.port);
    const bad = (context) => refusal(3, "Bad request", context);
    assert.deepEqual(await refusalOf(websocket), bad({ name: "TRANSPORT_HANDSHAKE_ERROR" }));
    assert.deepEqual(
      await refusalOf(`${websocket}&sid=${sid}`),
      bad({ name: "TRANSPORT_MISMATCH", transport: "websocket", previousTransport: "polling" }),
    );
    assert.deepEqual(
      await refusalOf(target(`EIO=3&transport=polling&sid=${sid}`)),
      bad({ name: "PROTOCOL_MISMATCH", protocol: 3, previousProtocol: 4 }),
    );
    assert.deepEqual(await refusalOf(`${polling}&mw=fail`), bad({ name: "MIDDLEWARE_FAILURE" }));
    assert.deepEqual(
      await refusalOf(`${polling}&id=fail`).then(({ context: { name }, ...more }) => ({ ...more, context: { name } })),
      bad({ name: "ID_GENERATION_ERROR" }),
    );
  });

  it("hears who was forbidden, and why", limit, async () => {
    const got = await refusalOf(`${polling}&forbid=why`);
    assert.deepEqual(got, refusal(4, "Forbidden", { message: "why" }, 403, "why"));
  });

  it("hears of other versions of the protocol", limit, async () => {
    for (const version of ["EIO=3&", "EIO=5&", ""]) {
      const got = await refusalOf(target(`${version}transport=polling`));
      assert.deepEqual(got, refusal(5, "Unsupported protocol version", { protocol: 3 }));
    }
  });

  it("hears of upgrades, too", limit, async () => {
    await failures();
    for (const [query, text] of [
      ["&sid=abc", "Session ID unknown"],
      ["&mw=fail", "Bad request"],
      ["&forbid=why", "why"],
    ]) {
      const { response: { status, text: said } } = await WebSocket.open(server.port, websocket + query).catch((e) => e);
      assert.deepEqual([status, said], [400, text]);
    }
    assert.deepEqual(
      (await failures()).map(({ code, context }) => [code, context]),
      [[1, { sid: "abc" }], [3, { name: "MIDDLEWARE_FAILURE" }], [4, { message: "why" }]],
    );
  });
});

describe("headers", () => {
  const server = serverForSuite({ command });
  const ours = ({ headers }) => Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-")));

  it("initial ones are for a session's first answer, the others for every one", limit, async () => {
    const session = await Polling.open(server.port);
    const first = { "x-first": "1", "x-initial": "polling", "x-headers": "GET" };
    assert.deepEqual(ours(session.response), first);
    assert.deepEqual(ours(await session.post("40")), { "x-first": "1", "x-headers": "POST" });
    assert.deepEqual(ours(await session.get()), { "x-first": "1", "x-headers": "GET" });
    await session.post("1");
  });

  it("are in the 101 of a handshake and of an upgrade", limit, async () => {
    const first = await WebSocket.open(server.port, websocket);
    assert.deepEqual(ours(first.response), { "x-first": "1", "x-initial": "websocket", "x-headers": "GET" });
    await first.close();
    const upgraded = await WebSocket.open(server.port, (await Polling.open(server.port)).upgradeTarget);
    assert.deepEqual(ours(upgraded.response), { "x-first": "1", "x-headers": "GET" });
    await upgraded.close();
  });

  it("of middlewares are in refusals", limit, async () => {
    assert.deepEqual(ours(await request(server.port, target("transport=abc"))), { "x-first": "1" });
    assert.deepEqual(ours(await request(server.port, `${polling}&mw=fail`)), { "x-first": "1" });
  });

  it("name the session in a cookie with every attribute", limit, async () => {
    const { sid, response } = await Polling.open(server.port);
    assert.equal(
      response.header("set-cookie"),
      `sid2=${sid}; Max-Age=86400; Path=/; Expires=Tue, 01 Jan 2030 00:00:00 GMT; HttpOnly; Secure; Partitioned; ` +
        "Priority=High; SameSite=Strict",
    );
  });
});

describe("middlewares", () => {
  const server = serverForSuite({ command });

  it("may answer themselves", limit, async () => {
    const { status, text, headers } = await request(server.port, `${polling}&mw=answer`);
    assert.deepEqual([status, text], [401, "who are you?"]);
    assert.deepEqual([headers["x-first"], headers["x-answer"]], ["1", "mine"]);
  });

  it("may go on later", limit, async () => {
    const { status, headers } = await request(server.port, `${polling}&mw=later`);
    assert.deepEqual([status, headers["x-later"]], [200, "1"]);
    const ws = await WebSocket.open(server.port, `${websocket}&mw=later`);
    assert.equal(ws.response.headers["x-later"], "1");
    await ws.close();
  });

  for (const [way, options] of Object.entries(ways)) {
    it(`official clients pass them: ${way}`, limit, async () => {
      const socket = client(server.url, { ...options, query: { mw: "later" } });
      await next(socket, "connect");
      socket.emit("echo", "hello");
      assert.deepEqual(await next(socket, "echo"), ["hello"]);
    });
  }
});

describe("ids", () => {
  const server = serverForSuite({ command });
  const count = async () => Number((await request(server.port, "/count")).text);

  it("are the host's", limit, async () => {
    const session = await Polling.open(server.port);
    assert.match(session.sid, /^session-\d+$/);
    await session.send("40");
    assert.match(await session.receive(), /^40/);
    assert.equal((await request(server.port, `${polling}&id=my-own_id.1~`)).text.includes('"sid":"my-own_id.1~"'), true);
  });

  it("are counted while their sessions live", limit, async () => {
    const before = await count();
    const session = await Polling.open(server.port);
    const ws = await WebSocket.open(server.port, websocket);
    assert.equal(await count(), before + 2);
    await session.post("1");
    await ws.close();
    for (let i = 0; i !== 200 && (await count()) !== before; ++i) await new Promise((done) => setTimeout(done, 20));
    assert.equal(await count(), before);
  });
});
