// Engine.IO v3 on the wire: payloads with lengths, and a client that polls or talks over a WebSocket. Neither pings.
import assert from "node:assert/strict";
import { readResponse, request, requestText } from "./http.mjs";
import { Connection } from "./connection.mjs";
import { closeCode, WebSocket } from "./websocket.mjs";
import { unknownSid } from "./session.mjs";

/// 6:4hello2:4€
export const textPayload = (...packets) => packets.map((packet) => `${packet.length}:${packet}`).join("");

/// 00 digits ff text, 01 digits ff 04 bytes
export function binaryPayload(...packets) {
  const element = (packet) => {
    const isText = typeof packet === "string";
    const bytes = isText ? Buffer.from(packet) : Buffer.concat([Buffer.from([4]), packet]);
    const digits = [...String(bytes.length)].map(Number);
    return Buffer.concat([Buffer.from([isText ? 0 : 1, ...digits, 255]), bytes]);
  };
  return Buffer.concat(packets.map(element));
}

/// The packets of a text payload.
export function packetsOf(text) {
  const packets = [];
  for (let rest = text; rest; ) {
    const [, length] = /^(\d+):/.exec(rest) ?? assert.fail(`no payload: ${rest}`);
    const begin = length.length + 1;
    packets.push(rest.slice(begin, begin + Number(length)));
    rest = rest.slice(begin + Number(length));
  }
  return packets;
}

export class OldPolling {
  #packets = [];

  static async open(port, { path = "/socket.io/", query = "" } = {}) {
    const session = new OldPolling();
    session.port = port;
    session.target = `${path}?EIO=3&transport=polling${query}`;
    session.response = await request(port, session.target);
    assert.equal(session.response.status, 200, session.response.text);
    const script = /^___eio\[\d*\]\((".*")\);$/.exec(session.response.text);
    const payload = script ? JSON.parse(script[1]) : session.response.text;
    const [open, ...others] = packetsOf(payload);
    assert.deepEqual([open[0], others], ["0", []]);
    session.sid = JSON.parse(open.slice(1)).sid;
    session.target += `&sid=${session.sid}`;
    return session;
  }

  get(options) {
    return request(this.port, this.target, options);
  }

  post(body, options) {
    return request(this.port, this.target, { method: "POST", body, ...options });
  }

  postBytes(body) {
    return this.post(body, { headers: { "Content-Type": "application/octet-stream" } });
  }

  async send(...packets) {
    const { status, text } = await this.post(textPayload(...packets));
    assert.deepEqual({ status, text }, { status: 200, text: "ok" });
  }

  /// The next packet that is text.
  async receive(ms = 3000) {
    while (this.#packets.length === 0) {
      const response = await this.get({ ms });
      if (response.status !== 200) throw new Error(`poll: ${response.status} ${response.text}`);
      this.#packets = packetsOf(response.text);
    }
    return this.#packets.shift();
  }

  /// A GET that stays with the server.
  async pend() {
    const connection = await Connection.open(this.port);
    connection.write(requestText(this.target));
    const response = readResponse(connection, { what: "pending GET" });
    response.catch(() => {});
    await request(this.port, "/settle");
    return { response };
  }

  async assertGone() {
    const { status, text } = await this.get();
    assert.deepEqual({ status, text }, { status: 400, text: unknownSid });
  }
}

export class OldSession {
  static async open(port, { path = "/socket.io/", query = "" } = {}) {
    const session = new OldSession(await WebSocket.open(port, `${path}?EIO=3&transport=websocket${query}`));
    const open = await session.receive();
    assert.equal(open[0], "0");
    session.handshake = JSON.parse(open.slice(1));
    session.sid = session.handshake.sid;
    return session;
  }

  constructor(ws) {
    this.ws = ws;
  }

  send(...packets) {
    this.ws.send(...packets);
    return this;
  }

  receive(ms = 3000) {
    return this.ws.receive(ms);
  }

  closed(ms = 3000) {
    const drain = async () => {
      for (;;) await this.receive(ms);
    };
    return closeCode(ms, drain());
  }
}

/// Takes what an old client hears first: that it is in the main namespace, and the "auth" event there.
export async function greeted(session) {
  assert.equal(await session.receive(), "40");
  assert.equal(await session.receive(), '42["auth",{}]');
  return session;
}

export const old = {
  polling: async (port, options) => greeted(await OldPolling.open(port, options)),
  websocket: async (port, options) => greeted(await OldSession.open(port, options)),
};
