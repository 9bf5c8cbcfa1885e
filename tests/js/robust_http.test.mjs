// Bytes that are no HTTP, HTTP that is wrong or too large: each is refused or cut off, and no request is smuggled.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { Connection } from "./wire/connection.mjs";
import { readResponse, request, requestText, statusesOf } from "./wire/http.mjs";
import { notInJs, serverForFile, sideBySide } from "./wire/server.mjs";
import { join, Polling } from "./wire/session.mjs";

const server = await serverForFile();

async function assertRefused(port, bytes, allowed = [400]) {
  const statuses = await statusesOf(port, bytes);
  assert.ok(statuses.length <= 1, `answered ${statuses.join(", ")}`);
  for (const status of statuses) assert.ok(allowed.includes(status), `answered ${status}`);
}

const tlsHello = Buffer.concat([
  Buffer.from("16030100c8010000c40303", "hex"),
  randomBytes(32),
  Buffer.from("20", "hex"),
  randomBytes(150),
]);

const foreign = {
  "a TLS hello": tlsHello,
  "an SSH banner": "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
  "an SMTP greeting": "EHLO example.org\r\nMAIL FROM:<a@b>\r\n",
  "a Redis command": "*1\r\n$4\r\nPING\r\n",
  "an inline Redis command": "PING\r\n",
  "a PROXY line": "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
  "the HTTP/2 preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "HTTP/0.9": "GET /\r\n\r\n",
  "HTTP/2.0 in words": "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
  "HTTP/1.1 in lower case": "GET / http/1.1\r\nHost: x\r\n\r\n",
  "a WebSocket frame without a handshake": "\x81\x85\x00\x00\x00\x00hello",
  "zero bytes": Buffer.alloc(1000),
  "bytes above 127": Buffer.alloc(1000, 0xe9),
  "a response": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  JSON: '{"method":"eth_blockNumber","id":1}\n',
  XML: '<?xml version="1.0"?><x/>\r\n\r\n',
  SOCKS5: "\x05\x01\x00",
  "an RDP cookie": "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00",
};

describe("bytes of another protocol", sideBySide, () => {
  for (const [what, bytes] of Object.entries(foreign))
    it(`(${what}) are refused or cut off, on each listener`, async () => {
      const binary = Buffer.from(bytes, "latin1");
      const refusals = [400, 404, 426, 501, 505];
      for (const port of [server.a, server.b, server.c, server.e]) await assertRefused(port, binary, refusals);
    });

  it("(random ones) are refused or cut off", async () => {
    for (let i = 0; i < 20; ++i) await assertRefused(server.b, randomBytes(1 + i * 50), [400, 408, 505, 431]);
  });
});

const head = (lines) => `POST /socket.io/?EIO=4 HTTP/1.1\r\n${lines}\r\n\r\n`;
const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
const withHost = (lines) => head(`Host: x\r\n${lines}`);

// What a proxy in front may read otherwise than we do: never an answer to the request that hides in it.
const ambiguous = {
  "Content-Length and Transfer-Encoding": withHost("Content-Length: 4\r\nTransfer-Encoding: chunked") + "0\r\n\r\n",
  "Transfer-Encoding and Content-Length": withHost("Transfer-Encoding: chunked\r\nContent-Length: 4") + "0\r\n\r\n",
  "two Content-Lengths": withHost("Content-Length: 0\r\nContent-Length: 5"),
  "two equal Content-Lengths": withHost("Content-Length: 0\r\nContent-Length: 0"),
  "a list of Content-Lengths": withHost("Content-Length: 0, 0"),
  "a negative Content-Length": withHost("Content-Length: -1"),
  "a signed Content-Length": withHost("Content-Length: +0"),
  "a hexadecimal Content-Length": withHost("Content-Length: 0x0"),
  "a fractional Content-Length": withHost("Content-Length: 0.0"),
  "an empty Content-Length": withHost("Content-Length: "),
  "a Content-Length with a blank inside": withHost("Content-Length: 0 0"),
  "a Content-Length beyond 64 bits": withHost("Content-Length: 18446744073709551616"),
  "an unknown Transfer-Encoding": withHost("Transfer-Encoding: xchunked") + "0\r\n\r\n",
  "chunked that is not last": withHost("Transfer-Encoding: chunked, identity") + "0\r\n\r\n",
  "Transfer-Encoding twice": withHost("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity") + "0\r\n\r\n",
  "a blank before the colon": withHost("Transfer-Encoding : chunked") + "0\r\n\r\n",
  "a tab before the colon": withHost("Content-Length\t: 0"),
  "a folded line": withHost("X: a\r\n Transfer-Encoding: chunked") + "0\r\n\r\n",
  "a header that begins with a blank": `POST / HTTP/1.1\r\n Host: x\r\n\r\n`,
  "a header without a colon": withHost("Transfer-Encoding chunked"),
  "a header without a name": withHost(": chunked"),
  "a blank in a header's name": withHost("Transfer Encoding: chunked"),
  "a NUL in a header": withHost("X: a\0b"),
  "a bare CR in a header": withHost("X: a\rTransfer-Encoding: chunked"),
  "a control byte in Origin": withHost("Origin: http://a\x01"),
  "no Host": "GET / HTTP/1.1\r\n\r\n",
  "a blank in the target": "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
  "a control byte in the target": "GET /a\x01b HTTP/1.1\r\nHost: x\r\n\r\n",
  "a NUL in the target": "GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n",
  "an empty target": "GET  HTTP/1.1\r\nHost: x\r\n\r\n",
  "a method of odd bytes": "GE(T / HTTP/1.1\r\nHost: x\r\n\r\n",
};
const badChunks = {
  "a chunk size that is no number": "x\r\n\r\n",
  "a negative chunk size": "-1\r\n\r\n",
  "a chunk size with 0x": "0x1\r\na\r\n0\r\n\r\n",
  "a chunk size with a blank before": " 1\r\na\r\n0\r\n\r\n",
  "an empty chunk size": "\r\na\r\n0\r\n\r\n",
  "a chunk size beyond 64 bits": "10000000000000001\r\na\r\n0\r\n\r\n",
  "chunk data longer than its size": "1\r\nab\r\n0\r\n\r\n",
  "a chunk that ends in a bare CR": "1\r\na\rX0\r\n\r\n",
};

describe("a request that can be read in two ways is refused, and what follows it is not answered:", sideBySide, () => {
  for (const [what, bytes] of Object.entries(ambiguous))
    it(what, () => assertRefused(server.b, Buffer.from(bytes + smuggled, "latin1"), [400, 411, 413, 501]));

  it("Transfer-Encoding in HTTP/1.0, which JS takes", notInJs, () => {
    const bytes = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled;
    return assertRefused(server.b, bytes, [400, 501]);
  });

  for (const [what, body] of Object.entries(badChunks))
    it(`${what} ends the connection, and its session hears nothing of it`, async () => {
      const client = await Polling.open(server.c, { path: "/engine.io/" });
      const text = `POST ${client.target} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${body}${smuggled}`;
      await assertRefused(server.c, Buffer.from(text, "latin1"), [400, 413]);
    });
});

describe("what is too large is refused before it is kept:", sideBySide, () => {
  it("a head of more than 16 KiB: 431", () =>
    assertRefused(server.b, requestText("/", { headers: { X: "x".repeat(17_000) } }), [431]));

  it("a head that never ends: 431", async () => {
    const lines = "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(16_000);
    await assertRefused(server.b, `GET / HTTP/1.1\r\nHost: x\r\n${lines}`, [431]);
  });

  it("a request line that never ends: 414 or 431", () =>
    assertRefused(server.b, `GET /${"a".repeat(1_000_000)}`, [414, 431]));

  it("a header's name that never ends: 431", () =>
    assertRefused(server.b, `GET / HTTP/1.1\r\n${"a".repeat(1_000_000)}`, [431]));

  it("a target of more than 8 KiB: 414, which JS takes", notInJs, () =>
    assertRefused(server.b, requestText("/" + "a".repeat(8300)), [414, 431]),
  );

  it("more than 100 headers: 431, which JS takes", notInJs, () =>
    assertRefused(server.b, requestText("/", { headers: { X: Array(101).fill("y") } }), [431]),
  );

  it("2,000 headers on a WebSocket handshake", async () => {
    const lines = "A: b\r\n".repeat(2000);
    const text = `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n${lines}Upgrade: websocket\r\n`;
    const statuses = await statusesOf(server.b, text + "Connection: Upgrade\r\n\r\n");
    assert.ok(
      statuses.every((status) => [400, 431].includes(status)),
      statuses.join(),
    );
  });

  it("a chunk extension that never ends, trailers that never end", async () => {
    const begin = "POST /socket.io/?EIO=4 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const rest of [`1;${"e".repeat(500_000)}`, `0\r\n${"T: t\r\n".repeat(100_000)}`]) {
      const statuses = await statusesOf(server.b, begin + rest);
      assert.ok(
        statuses.every((status) => status >= 400),
        statuses.join(),
      );
    }
  });

  it("a body of 30 MB, sent to the end: the client still reads its 413", async () => {
    const client = await join(await Polling.open(server.b));
    const connection = await Connection.open(server.b);
    const length = 30_000_000;
    connection.write(requestText(client.target, { method: "POST", headers: { "Content-Length": String(length) } }));
    connection.writeAll(Buffer.alloc(length, "x"));
    assert.equal((await readResponse(connection)).status, 413);
    connection.destroy();
  });

  it("what is just small enough is not", async () => {
    const headers = { X: Array(90).fill("y".repeat(60)) };
    assert.equal((await request(server.b, "/" + "a".repeat(7900), { headers })).status, 404);
  });
});
