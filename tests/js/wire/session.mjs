// An Engine.IO session seen from the wire: a client that polls, or one on a WebSocket, each answering pings.
import assert from "node:assert/strict";
import { readResponse, request, requestText } from "./http.mjs";
import { Connection } from "./connection.mjs";
import { closeCode, WebSocket } from "./websocket.mjs";

export const separator = "\x1e";
export const unknownSid = '{"code":1,"message":"Session ID unknown"}';

export class Polling {
  #packets = [];

  static async open(port, { path = "/socket.io/", headers } = {}) {
    const session = new Polling();
    session.port = port;
    session.target = `${path}?EIO=4&transport=polling`;
    session.response = await request(port, session.target, { headers });
    assert.equal(session.response.status, 200, session.response.text);
    session.handshake = JSON.parse(session.response.text.slice(1));
    session.sid = session.handshake.sid;
    session.target += `&sid=${session.sid}`;
    return session;
  }

  /// The target of a WebSocket that would take this session over.
  get upgradeTarget() {
    return this.target.replace("transport=polling", "transport=websocket");
  }

  get(options) {
    return request(this.port, this.target, options);
  }

  post(body, options) {
    return request(this.port, this.target, { method: "POST", body, ...options });
  }

  async send(...packets) {
    const { status, text } = await this.post(packets.join(separator));
    assert.deepEqual({ status, text }, { status: 200, text: "ok" });
  }

  /// A GET that stays with the server: `response` is still to come.
  async pend(options) {
    const connection = await Connection.open(this.port);
    connection.write(requestText(this.target, options));
    const response = readResponse(connection, { what: "pending GET" });
    response.catch(() => {});
    await this.settle();
    return { connection, response };
  }

  /// Long enough for the server to have read what was sent on another connection.
  settle() {
    return request(this.port, "/settle");
  }

  /// The next packet that is no ping.
  async receive(ms = 3000) {
    while (this.#packets.length === 0) {
      const response = await this.get({ ms });
      if (response.status !== 200) throw new Error(`poll: ${response.status} ${response.text}`);
      const packets = response.text.split(separator);
      if (packets.includes("2")) await this.send("3");
      this.#packets = packets.filter((packet) => packet !== "2");
    }
    return this.#packets.shift();
  }

  /// Fails unless the server has forgotten the session.
  async assertGone() {
    const { status, text } = await this.get();
    assert.deepEqual({ status, text }, { status: 400, text: unknownSid });
  }

  /// Polls until the server has no such session any more.
  async gone(ms = 3000) {
    for (const deadline = Date.now() + ms; ;) {
      const { status, text } = await this.get({ ms });
      if (status === 400 && text === unknownSid) return;
      assert.ok(Date.now() < deadline, `the session is still there: ${status} ${text}`);
    }
  }
}

export class Session {
  /// A session that begins on a WebSocket.
  static async open(port, { path = "/socket.io/", ...options } = {}) {
    const session = new Session(await WebSocket.open(port, `${path}?EIO=4&transport=websocket`, options));
    const open = await session.ws.receive();
    assert.equal(open[0], "0");
    session.handshake = JSON.parse(open.slice(1));
    return session;
  }

  constructor(ws) {
    this.ws = ws;
  }

  send(...packets) {
    this.ws.send(...packets);
    return this;
  }

  /// The next packet that is no ping.
  async receive(ms = 3000) {
    for (;;) {
      const packet = await this.ws.receive(ms);
      if (packet !== "2") return packet;
      this.ws.send("3");
    }
  }

  /// Resolves with the close code; pings are answered meanwhile.
  closed(ms = 3000) {
    const drain = async () => {
      for (;;) await this.receive(ms);
    };
    return closeCode(ms, drain());
  }

  close() {
    return this.ws.close();
  }
}

/// Joins a namespace of Socket.IO and takes what the server says first: its answer and the "auth" event.
export async function join(session, nsp = "/") {
  const prefix = nsp === "/" ? "" : `${nsp},`;
  await session.send(`40${prefix}`);
  const answer = await session.receive();
  assert.match(answer, new RegExp(`^40${prefix}\\{"sid":"[\\w-]{20}"\\}$`));
  assert.equal(await session.receive(), `42${prefix}["auth",{}]`);
  return session;
}

export const joined = {
  polling: async (port, nsp) => join(await Polling.open(port), nsp),
  websocket: async (port, nsp) => join(await Session.open(port), nsp),
};

/// A Socket.IO round trip, which shows that the session lives.
export async function assertAlive(session, word = "still here") {
  await session.send(`42["message","${word}"]`);
  assert.equal(await session.receive(), `42["message-back","${word}"]`);
}
