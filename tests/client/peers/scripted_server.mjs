// Servers that err: each says one wrong thing at one stage. `node scripted_server.mjs` prints "ready PORT"; the name of
// the script comes with each request: http://localhost:PORT/?script=v2. The scripts are in scripts.mjs.
import { createHash } from "node:crypto";
import http from "node:http";
import { announce, commands } from "./peer.mjs";
import { opening, scripts } from "./scripts.mjs";

const scriptOf = (request) => scripts[new URL(request.url, "http://x").searchParams.get("script")] ?? {};

/// One session: it answers CONNECT packets, and then goes by its script.
class Session {
  constructor(script, sid, send) {
    Object.assign(this, { script, send });
    send(script.open ?? opening.replace("scripted", sid));
  }
  receive(packet) {
    const [, nsp] = /^40(\/[^,]*,)?/.exec(packet) ?? [];
    if (!packet.startsWith("40")) return;
    this.send(this.script.connect ?? `40${nsp ?? ""}{"sid":"of the script"}`);
    setTimeout(() => (this.script.then ?? []).forEach((said) => this.send(said)), 50);
  }
}

/// Text or bytes as one frame of a server.
function frame(packet) {
  const body = Buffer.from(packet);
  const head = body.length < 126 ? [body.length] : [126, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([typeof packet === "string" ? 0x81 : 0x82, ...head]), body]);
}

/// The client's masked frames of up to 64 KiB.
function* unframe(state) {
  for (let { bytes } = state; bytes.length >= 6; bytes = state.bytes) {
    const short = bytes[1] & 127;
    const start = short === 126 ? 4 : 2;
    const length = short === 126 ? bytes.readUInt16BE(2) : short;
    if (bytes.length < start + 4 + length) return;
    const mask = bytes.subarray(start, start + 4);
    yield Buffer.from(bytes.subarray(start + 4, start + 4 + length)).map((byte, i) => byte ^ mask[i % 4]).toString();
    state.bytes = bytes.subarray(start + 4 + length);
  }
}

function websocket(request, socket) {
  const script = scriptOf(request);
  socket.on("error", () => socket.destroy()).on("end", () => socket.end());
  if (script.http) return script.http(socket);
  const digest = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  const accept = script.accept ?? digest.digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${accept}\r\n${script.fields ?? ""}\r\n`);
  if (script.websocket) return script.websocket(socket);
  const session = new Session(script, "of a WebSocket", (packet) => socket.write(frame(packet)));
  const state = { bytes: Buffer.alloc(0) };
  socket.on("data", (bytes) => {
    state.bytes = Buffer.concat([state.bytes, bytes]);
    for (const packet of unframe(state)) session.receive(packet);
  });
}

/// A polling session has no binary: attachments are base64 after a "b".
class Polls {
  waiting = [];
  polled = 0;
  constructor(script, sid) {
    this.encode = script.encode ?? ((response, body) => response.end(body));
    this.session = new Session(script, sid, (packet) => {
      this.waiting.push(typeof packet === "string" ? packet : `b${packet.toString("base64")}`);
      this.flush();
    });
  }
  take(response) {
    this.response = response.on("close", () => (this.response = undefined));
    this.flush();
  }
  flush() {
    if (!this.response || !this.waiting.length) return;
    this.encode(this.response, this.waiting.splice(0).join("\x1e"));
    this.response = undefined;
  }
}
const sessions = []; // by sid: 0, 1 …

function polling(request, response) {
  const script = scriptOf(request);
  response.setHeader("Content-Type", "text/plain; charset=UTF-8");
  if (script.http) return script.http(request.socket);
  const sid = new URL(request.url, "http://x").searchParams.get("sid");
  if (sid === null) sessions.push(new Polls(script, String(sessions.length)));
  const polls = sessions[sid] ?? sessions.at(-1);
  if (request.method === "GET") return script.poll && polls.polled++ ? script.poll(request.socket) : polls.take(response);
  let body = "";
  request.setEncoding("utf8").on("data", (text) => (body += text)).on("end", () => {
    if (script.post) return script.post(request.socket);
    response.end("ok");
    body.split("\x1e").forEach((packet) => polls.session.receive(packet));
  });
}
commands();
announce(http.createServer(polling).on("upgrade", websocket), Number(process.argv[2] ?? 0));
