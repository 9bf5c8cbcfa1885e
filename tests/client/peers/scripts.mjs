// What the scripted server says wrong, by name. `http` stands for the answer to the first request, `poll` and `post` for
// those to later ones, `websocket` for all after the 101, `encode` writes the answer to a poll; `open` is the first packet, `connect` the answer to CONNECT,
// and `then` what follows it.
import { gzipSync } from "node:zlib";

const page = "<html><body>nothing of Socket.IO</body></html>";
const says = (status, body, fields = "") => (socket) =>
  socket.end(`HTTP/1.1 ${status}\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
const bytes = (...parts) => (socket) => parts.forEach((part) => socket.write(Buffer.from(part)));
const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
/// The first packet of a session.
export const opening = '0{"sid":"scripted","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';

/// The same again and again, for as long as it is taken.
const endless = (first, again) => (socket) => {
  socket.write(first);
  const more = () => {
    while (!socket.destroyed && socket.write(again));
  };
  socket.on("drain", more);
  more();
};

const answers = {
  bytes: { http: bytes([0, 1, 2, 255, 254, 13, 10, 13, 10]) },
  "close at once": { http: (socket) => socket.end() },
  reset: { http: (socket) => socket.resetAndDestroy() },
  silent: { http: () => {} },
  "half a head": { http: bytes("HTTP/1.1 200 OK\r\nContent-Le") },
  "endless head": { http: endless("HTTP/1.1 200 OK\r\n", `X-More: ${"x".repeat(1000)}\r\n`) },
  "endless body": { http: endless(chunked, `400\r\n${"x".repeat(1024)}\r\n`) },
  "endless length": { http: endless("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "x".repeat(1024)) },
  "bad chunk": { http: bytes(`${chunked}zz\r\nhello\r\n`) },
  "short body": { http: (socket) => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n${opening}`) },
  "bad gzip": { http: says("200 OK", "this is not gzip", "Content-Encoding: gzip\r\n") },
  page: { http: says("404 Not Found", page, "Content-Type: text/html\r\n") },
  "page with 200": { http: says("200 OK", page, "Content-Type: text/html\r\n") },
  redirect: { http: says("302 Found", "", "Location: http://localhost:1/socket.io/\r\n") },
  refusal: { http: says("403 Forbidden", '{"code":4,"message":"Forbidden"}') },
  unavailable: { http: says("503 Service Unavailable", "") },
};

// Answers that no Node server gives, but some do: all of them are right.
const encodings = {
  "close-delimited": {
    encode: (response, body) => response.socket.end(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n${body}`),
  },
  chunked: {
    encode: (response, body) => {
      for (const letter of body) response.write(letter);
      response.end();
    },
  },
  gzip: {
    encode: (response, body) => {
      response.setHeader("Content-Encoding", "gzip");
      response.end(gzipSync(body));
    },
  },
};

const later = {
  "bad poll": { poll: says("200 OK", "\x1e\x1e9") },
  "poll refused": { poll: says("400 Bad Request", '{"code":1,"message":"Session ID unknown"}') },
  "poll cut": { poll: (socket) => socket.resetAndDestroy() },
  "post refused": { post: says("400 Bad Request", '{"code":3,"message":"Bad request"}') },
  "post cut": { post: (socket) => socket.resetAndDestroy() },
};

const frames = {
  "bad accept": { accept: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
  "extension nobody offered": { fields: "Sec-WebSocket-Extensions: x-compress\r\n" },
  "bad opcode": { websocket: bytes([0x83, 1, 0x30]) },
  "reserved bit": { websocket: bytes([0xc1, 1, 0x30]) },
  "masked frame": { websocket: bytes([0x81, 0x81, 1, 2, 3, 4, 0x31]) },
  "not UTF-8": { websocket: bytes([0x81, 3, 0x34, 0xc3, 0x28]) },
  "long ping": { websocket: bytes([0x89, 126, 0, 126], Buffer.alloc(126)) },
  "bad close": { websocket: bytes([0x88, 2, 0, 1]) },
  "stray continuation": { websocket: bytes([0x80, 1, 0x30]) },
  "endless message": { websocket: endless(Buffer.from([0x02, 0]), Buffer.from([0, 125, ...Buffer.alloc(125)])) },
  "enormous length": { websocket: bytes([0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255]) },
};

const packets = {
  "bad open": { open: '0{"sid":' },
  "open without sid": { open: "0{}" },
  "no open": { open: "4hello" },
  "open with wrong types": { open: '0{"sid":7,"upgrades":"x","pingInterval":"soon","pingTimeout":null}' },
  "open with negative times": { open: '0{"sid":"x","upgrades":[],"pingInterval":-5,"pingTimeout":-1,"maxPayload":-1}' },
  "open twice": { then: [opening] },
  v2: { connect: "40" },
  "refused by a v2 server": { connect: '44"Invalid namespace"' },
  refused: { connect: '44{"message":"go away","data":{"code":401}}' },
  "connect with wrong types": { connect: '40{"sid":{"a":1}}' },
  "connect as a list": { connect: "40[1]" },
  "bad engine packet": { then: ["9"] },
  "bad packet": { then: ["4x"] },
  "bad JSON": { then: ['42["x"'] },
  "deep JSON": { then: [`42${"[".repeat(5000)}${"]".repeat(5000)}`] },
  "event without a name": { then: ["42[]"] },
  "event with a reserved name": { then: ['42["connect"]'] },
  "bad ack": { then: ["43"] },
  "ack of nothing": { then: ["43999[1]"] },
  "huge ack id": { then: ['42123456789012345678901234567890["x"]'] },
  "huge attachment count": { then: ["4599999999999999999999-[1]"] },
  "missing attachment": { then: ['451-["x",{"_placeholder":true,"num":0}]', '42["y"]'] },
  "stray attachment": { then: [Buffer.from([1, 2, 3])] },
  "bad placeholder": { then: ['451-["x",{"_placeholder":true,"num":7}]', Buffer.from([1])] },
  "unknown namespace": { then: ['42/nowhere,["x"]', "41/nowhere,"] },
  "connect for another": { then: ['40/nowhere,{"sid":"x"}'] },
  "close packet": { then: ["1"] },
  "disconnect packet": { then: ["41"] },
};

export const scripts = { ...answers, ...encodings, ...later, ...frames, ...packets };
