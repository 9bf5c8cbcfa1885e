// Cross-site requests: where allow_request guards by Origin (B), no transport opens for a foreign page.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Connection } from "./wire/connection.mjs";
import { readResponse, request } from "./wire/http.mjs";
import { serverForFile, sideBySide } from "./wire/server.mjs";
import { handshakeText } from "./wire/websocket.mjs";

const server = await serverForFile();
const allowed = "http://allowed.example";

const foreign = [
  "http://evil.example",
  "https://allowed.example",
  "http://allowed.example:8080",
  "http://allowed.example/",
  "http://allowed.example.evil.example",
  "http://evil.example#http://allowed.example",
  "http://allowed.example evil",
  "http://xallowed.example",
  "HTTP://ALLOWED.EXAMPLE",
  "null",
  "",
  "*",
  [allowed, "http://evil.example"],
  ["http://evil.example", allowed],
];

async function webSocket(headers, target = "/socket.io/?EIO=4&transport=websocket") {
  const connection = await Connection.open(server.b);
  connection.write(handshakeText(target, { headers }));
  const response = await readResponse(connection);
  connection.destroy();
  return response;
}

describe("a page of another origin", sideBySide, () => {
  for (const origin of foreign) {
    const headers = { Origin: origin };

    it(`(${origin}) is refused by polling: 403, and no header that lets it read the answer`, async () => {
      const response = await request(server.b, "/socket.io/?EIO=4&transport=polling", { headers });
      if (response.status === 400) assert.ok(Array.isArray(origin), "two Origins may be no request at all");
      else assert.deepEqual([response.status, response.text], [403, '{"code":4,"message":"Forbidden"}']);
      assert.equal(response.header("access-control-allow-origin"), undefined);
      assert.equal(response.header("set-cookie"), undefined);
    });

    it(`(${origin}) is refused by WebSocket`, async () => {
      const response = await webSocket(headers);
      assert.ok([400, 403].includes(response.status), String(response.status));
      if (!Array.isArray(origin)) assert.equal(response.text, "Forbidden");
    });

    it(`(${origin}) may not set its own headers, says the preflight`, async () => {
      const response = await request(server.b, "/socket.io/", { method: "OPTIONS", headers });
      assert.equal(response.header("access-control-allow-origin"), undefined);
    });
  }
});

describe("the allowed origin, and none at all,", sideBySide, () => {
  for (const headers of [{}, { Origin: allowed }, { origin: ` ${allowed} ` }])
    it(`(${Object.values(headers)}) open on both transports`, async () => {
      assert.equal((await request(server.b, "/socket.io/?EIO=4&transport=polling", { headers })).status, 200);
      assert.equal((await webSocket(headers)).status, 101);
    });
});
