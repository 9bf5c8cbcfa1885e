// WebSocket as bytes: frames right or wrong out, frames and messages back.
import { createHash, randomBytes } from "node:crypto";
import { Connection, within } from "./connection.mjs";
import { readResponse, requestText } from "./http.mjs";

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

function lengthBytes(masked, length) {
  const top = masked ? 0x80 : 0;
  if (length < 126) return Buffer.from([top | length]);
  if (length < 65536) return Buffer.from([top | 126, length >> 8, length & 255]);
  const long = Buffer.alloc(9);
  long[0] = top | 127;
  long.writeBigUInt64BE(BigInt(length), 1);
  return long;
}

// Word by word: the largest message has 64 MiB.
function mask(payload, key) {
  const out = Buffer.from(new Uint8Array(Math.ceil(payload.length / 4) * 4).buffer);
  payload.copy(out);
  const words = new Uint32Array(out.buffer);
  const [word] = new Uint32Array(Uint8Array.from(key).buffer);
  for (let i = 0; i < words.length; ++i) words[i] ^= word;
  return out.subarray(0, payload.length);
}

/// A client's frame; a string is text, bytes are binary, unless `op` says otherwise. `length` may lie.
export function frame(payload, { op, fin = true, rsv = 0, masked = true, length } = {}) {
  const bytes = Buffer.from(payload);
  const code = op ?? (typeof payload === "string" ? opcode.text : opcode.binary);
  const key = masked ? randomBytes(4) : Buffer.alloc(0);
  const first = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | code]);
  const body = masked ? mask(bytes, key) : bytes;
  return Buffer.concat([first, lengthBytes(masked, length ?? bytes.length), key, body]);
}

export function closeFrame(code, reason = "") {
  const payload = code === undefined ? Buffer.alloc(0) : Buffer.concat([Buffer.alloc(2), Buffer.from(reason)]);
  if (code !== undefined) payload.writeUInt16BE(code);
  return frame(payload, { op: opcode.close });
}

function parseFrame(bytes) {
  if (bytes.length < 2) return { need: 2 };
  if (bytes[1] & 0x80) throw new Error("a server's frame must not be masked");
  const short = bytes[1] & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < head) return { need: head };
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < head + length) return { need: head + length };
  const payload = Buffer.from(bytes.subarray(head, head + length));
  const value = { op: bytes[0] & 15, fin: bytes[0] > 127, rsv: (bytes[0] >> 4) & 7, payload };
  return { value, used: head + length };
}

/// The peer closed; `code` is what its close frame said, 1005 if it said nothing, 1006 without one.
export class Closed extends Error {
  constructor(code, reason = "") {
    super(`WebSocket closed with ${code} ${reason}`);
    Object.assign(this, { code, reason });
  }
}

/// The code with which `reading` found the peer closed.
export function closeCode(ms, reading) {
  const code = reading.catch((error) => (error instanceof Closed ? error.code : Promise.reject(error)));
  return within(ms, code, "WebSocket close");
}

export const sampleKey = "dGhlIHNhbXBsZSBub25jZQ==";
export const acceptFor = (key) =>
  createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");

/// The bytes of a handshake; a header given as undefined is left out.
export function handshakeText(target, { headers = {}, method = "GET", body } = {}) {
  const all = {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": sampleKey,
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return requestText(target, { method, headers: given, body });
}

export class WebSocket {
  /// Resolves once the server has answered 101; otherwise rejects with an error that carries the `response`.
  static async open(port, target, { after = "", connection, ...options } = {}) {
    const on = connection ?? (await Connection.open(port, options));
    on.write(Buffer.concat([handshakeText(target, options), Buffer.from(after)]));
    if (options.paused) return new WebSocket(on);
    const response = await readResponse(on, { what: `WebSocket ${target}` });
    if (response.status === 101) return new WebSocket(on, response);
    on.destroy();
    throw Object.assign(new Error(`WebSocket ${target}: ${response.status} ${response.text}`), { response });
  }

  constructor(connection, response) {
    this.connection = connection;
    this.response = response;
  }

  send(...payloads) {
    this.connection.write(Buffer.concat(payloads.map((payload) => frame(payload))));
    return this;
  }

  write(bytes) {
    this.connection.write(bytes);
    return this;
  }

  async frame(ms = 3000) {
    try {
      return await this.connection.take((bytes) => parseFrame(bytes), ms, "WebSocket frame");
    } catch (error) {
      throw this.connection.ended ? new Closed(1006) : error;
    }
  }

  /// The next message: a string or a Buffer. Pings are answered, a close frame is echoed and thrown.
  async receive(ms = 3000) {
    const parts = [];
    for (let kind; ;) {
      const next = await this.frame(ms);
      if (next.op === opcode.ping) this.write(frame(next.payload, { op: opcode.pong }));
      if (next.op === opcode.close) throw this.#closed(next.payload);
      if (next.op >= 8) continue;
      kind ??= next.op;
      parts.push(next.payload);
      if (next.fin) return kind === opcode.text ? Buffer.concat(parts).toString("utf8") : Buffer.concat(parts);
    }
  }

  #closed(payload) {
    this.write(frame(payload, { op: opcode.close }));
    if (payload.length === 0) return new Closed(1005);
    return new Closed(payload.readUInt16BE(), payload.subarray(2).toString("utf8"));
  }

  /// Resolves with the close code, whatever comes before it.
  closed(ms = 3000) {
    const drain = async () => {
      for (;;) await this.receive(ms);
    };
    return closeCode(ms, drain());
  }

  /// Closes as a browser does and waits for the server to end the TCP connection.
  async close(code) {
    this.write(closeFrame(code));
    await this.connection.end().catch(() => {});
    this.connection.destroy();
  }
}
