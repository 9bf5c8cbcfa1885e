// How a session begins: the open packet and its headers, on both transports.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { request } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { Polling, Session } from "./wire/session.mjs";

const server = await serverForFile();
const sid = "[\\w-]{20}";
const open = (upgrades, interval, timeout) =>
  new RegExp(
    `^0\\{"sid":"${sid}","upgrades":\\[${upgrades}\\],` +
      `"pingInterval":${interval},"pingTimeout":${timeout},"maxPayload":1000000\\}$`,
  );
const polling = "/socket.io/?EIO=4&transport=polling";

describe("handshake", sideBySide, () => {
  it("by polling answers the open packet, key for key, and exactly these headers", async () => {
    const response = await request(server.a, polling);
    assert.equal(response.status, 200);
    assert.equal(response.reason, "OK");
    assert.match(response.text, open('"websocket"', 300, 200));
    assert.deepEqual(response.headers, {
      "access-control-allow-origin": "*",
      "content-type": "text/plain; charset=UTF-8",
      "cache-control": "no-store",
    });
  });

  it("tells the options of its listener", async () => {
    assert.match((await request(server.b, polling)).text, open('"websocket"', 1000, 1000));
  });

  it("of Engine.IO alone is the same on /engine.io/", async () => {
    const response = await request(server.c, "/engine.io/?EIO=4&transport=polling");
    assert.match(response.text, open('"websocket"', 300, 200));
  });

  for (const [name, port, path] of [
    ["A", "a", "/socket.io/"],
    ["C", "c", "/engine.io/"],
  ])
    it(`by WebSocket on ${name} sends the same packet without upgrades, as one text frame`, async () => {
      const session = await Session.open(server[port], { path });
      const { sid: id, ...rest } = session.handshake;
      assert.match(id, new RegExp(`^${sid}$`));
      assert.deepEqual(rest, { upgrades: [], pingInterval: 300, pingTimeout: 200, maxPayload: 1000000 });
      assert.deepEqual(Object.keys(rest), ["upgrades", "pingInterval", "pingTimeout", "maxPayload"]);
      await session.close();
    });

  it("gives each session an id of its own", async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => Polling.open(server.b)));
    assert.equal(new Set(sessions.map((session) => session.sid)).size, 20);
  });

  it("of a client gives no hint at the socket's id", async () => {
    const session = await Session.open(server.b);
    session.send("40");
    const { sid: id } = JSON.parse((await session.receive()).slice(2));
    assert.match(id, new RegExp(`^${sid}$`));
    assert.notEqual(id, session.handshake.sid);
    await session.close();
  });

  it("takes its parameters in any order, percent-encoded, among others, with an empty sid", async () => {
    for (const query of [
      "transport=polling&EIO=4",
      "EIO=%34&tr%61nsport=%70olling",
      "t=Pabc&EIO=4&foo=bar&transport=polling&b64=1",
      "EIO=4&transport=polling&sid=",
      "EIO=4&&transport=polling&=&x",
    ]) {
      const response = await request(server.b, `/socket.io/?${query}`);
      assert.equal(response.status, 200, query);
      assert.match(response.text, open('"websocket"', 1000, 1000));
    }
  });

  it("is answered on every path below the base path, and on no other", async () => {
    const query = "?EIO=4&transport=polling";
    assert.equal((await request(server.a, `/socket.io/whatever${query}`)).status, 200);
    for (const path of ["/socket.io", "/", "/socket.ios/", "/custom/", "/engine.io/", "/SOCKET.IO/"])
      assert.equal((await request(server.a, path + query)).status, 404, path);
    assert.equal((await request(server.c, `/socket.io/${query}`)).status, 404);
    assert.equal((await request(server.b, "/favicon.ico")).status, 404);
    assert.equal((await request(server.b, "/", { method: "POST", body: "x" })).status, 404);
  });

  it("warns old Internet Explorers off their XSS filter, and only them", async () => {
    const guard = async (agent) =>
      (await request(server.a, polling, { headers: { "User-Agent": agent } })).header("x-xss-protection");
    assert.equal(await guard("Mozilla/5.0 (compatible;MSIE 10.0; Windows NT 6.2)"), "0");
    assert.equal(await guard("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"), "0");
    assert.equal(await guard("Mozilla/5.0 (X11; Linux x86_64)"), undefined);
  });
});
