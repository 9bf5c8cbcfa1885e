// SIGTERM and SIGINT: exit 0 within two seconds, whatever clients are doing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { Connection, within } from "./wire/connection.mjs";
import { requestText } from "./wire/http.mjs";
import { commandFor, ProtocolServer, sideBySide } from "./wire/server.mjs";
import { joined, Polling, Session } from "./wire/session.mjs";
import { frame, WebSocket } from "./wire/websocket.mjs";

/// Clients in the middle of everything.
async function crowd(server) {
  const polling = await joined.polling(server.b);
  const posting = await Polling.open(server.b);
  const upgrading = await WebSocket.open(server.b, (await Polling.open(server.b)).upgradeTarget);
  upgrading.send("2probe");
  const raw = (bytes, port = server.a) => Connection.open(port).then((connection) => connection.write(bytes));
  const deaf = await WebSocket.open(server.e, "/", { paused: true });
  deaf.connection.writeAll(Buffer.concat(Array(20).fill(frame("x".repeat(500_000)))));
  return [
    (await polling.pend()).connection,
    await raw(requestText(posting.target, { method: "POST", headers: { "Content-Length": "9" }, body: "4" }), server.b),
    upgrading.connection,
    deaf.connection,
    await raw(""),
    await raw("GET / HTT"),
    await raw("GET /x HTTP/1.1\r\nHost: x\r\n\r\n"),
    (await joined.websocket(server.b)).ws.connection,
    (await joined.websocket(server.a)).ws.connection.write(frame('42["message"]').subarray(0, 6)),
    (await Session.open(server.c, { path: "/engine.io/" })).ws.connection,
  ];
}

describe("a server asked to end", { ...sideBySide, concurrency: 3 }, () => {
  for (const signal of ["SIGTERM", "SIGINT"])
    it(`by ${signal} amid clients exits 0 within 2 s, and every client sees its connection end`, async () => {
      const server = await ProtocolServer.start();
      const clients = await crowd(server);
      await server.stop(signal);
      clients.forEach((client) => client.socket.resume());
      await Promise.all(clients.map((client) => client.end(1000)));
    });

  it("without clients exits 0, right after it said ready", async () => {
    await (await ProtocolServer.start()).stop();
  });

  it("again and again until it ends exits 0 all the same", async () => {
    const server = await ProtocolServer.start();
    await crowd(server);
    const again = setInterval(() => server.child.kill("SIGINT"), 1);
    await server.stop().finally(() => clearInterval(again));
  });

  it("accepts nobody any more", async () => {
    const server = await ProtocolServer.start();
    await server.stop();
    await assert.rejects(Connection.open(server.a), /ECONNREFUSED/);
  });

  it("frees its ports: another may start on them at once", async () => {
    const first = await ProtocolServer.start();
    const session = await joined.websocket(first.b);
    await first.stop();
    const second = await ProtocolServer.start({ base: first.a });
    session.ws.connection.destroy();
    await second.stop();
  });
});

describe("a server that cannot have its ports", sideBySide, () => {
  it("does not say ready, and exits with an error", async () => {
    const server = await ProtocolServer.start();
    const child = spawn("sh", ["-c", commandFor(server.a)], { stdio: ["ignore", "pipe", "ignore"] });
    let said = "";
    child.stdout.on("data", (piece) => (said += piece));
    const [code] = await within(5000, once(child, "exit"), "exit");
    assert.notEqual(code, 0);
    assert.doesNotMatch(said, /ready/);
    await server.stop();
  });
});
