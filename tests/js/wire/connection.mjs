// One raw TCP connection: exact bytes out, in any cutting, and what came back.
import { once } from "node:events";
import net from "node:net";

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/// Rejects if the promise has not settled in time.
export function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/// Ends a socket with an RST. One whose FIN is on its way just ends: Node would lose it (EINVAL), and then never exit.
export function reset(socket) {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

export class Connection {
  #chunks = [];
  #size = 0;
  #wake = () => {};
  ended = false;
  error = null;

  /// `paused`: a client that never reads.
  static async open(port, { paused = false } = {}) {
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    const connection = new Connection(socket, paused);
    await within(3000, once(socket, "connect"), "TCP connect");
    return connection;
  }

  constructor(socket, paused) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve(this)));
    socket.on("error", (error) => (this.error = error));
    for (const end of ["end", "close"]) socket.on(end, () => ((this.ended = true), this.#wake()));
    if (paused) socket.pause();
    else socket.on("data", (chunk) => this.#keep(chunk));
  }

  #keep(chunk) {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    this.#wake();
  }

  /// All that has come and was not taken yet.
  get received() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  write(bytes) {
    if (!this.socket.destroyed) this.socket.write(bytes);
    return this;
  }

  /// Resolves when the bytes have left this process, or the connection is gone.
  writeAll(bytes) {
    if (this.socket.destroyed || this.socket.write(bytes)) return Promise.resolve();
    return Promise.race([new Promise((drained) => this.socket.once("drain", drained)), this.closed]);
  }

  /// The bytes in pieces of `size`, each a segment of its own.
  async writePieces(bytes, size = 1, gap = 0) {
    const all = Buffer.from(bytes);
    for (let at = 0; at < all.length && !this.ended; at += size) {
      this.write(all.subarray(at, at + size));
      await (gap ? pause(gap) : new Promise(setImmediate));
    }
  }

  /// `parse(bytes, ended)` answers {value, used}, or {need: total bytes} to be asked again when there are so many.
  async take(parse, ms = 3000, what = "answer") {
    const deadline = Date.now() + ms;
    for (let need = 0; ;) {
      if (this.#size >= need || this.ended) {
        const found = parse(this.received, this.ended);
        if (found.value !== undefined) return this.#drop(found);
        if (this.ended) throw new Error(`${what}: the connection ended (${this.received.length} bytes left)`);
        need = Math.max(found.need ?? 0, this.#size + 1);
      }
      await within(Math.max(1, deadline - Date.now()), new Promise((wake) => (this.#wake = wake)), what);
    }
  }

  #drop({ value, used }) {
    this.#chunks = [this.received.subarray(used)];
    this.#size -= used;
    return value;
  }

  /// Resolves when the peer has ended the connection, however it did.
  end(ms = 3000) {
    if (this.ended) return Promise.resolve();
    return within(ms, new Promise((resolve) => ["end", "close"].forEach((e) => this.socket.once(e, resolve))), "end");
  }

  halfClose() {
    this.socket.end();
    return this;
  }

  /// An RST instead of a FIN.
  reset() {
    reset(this.socket);
  }

  destroy() {
    this.socket.destroy();
  }
}
