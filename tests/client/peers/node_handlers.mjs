// What the server answers to the tests, in each of its namespaces. `done` is an acknowledgement.
import { setTimeout as pause } from "node:timers/promises";

const pattern = (size) => Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
const seen = new Map(); // how often each id came; it outlives the sockets
const departures = []; // [id, reason], in order

/// A middleware that takes its time, and lets nobody in without the token.
export function gatekeeper({ token, delay }) {
  return async (socket, next) => {
    if (delay) await pause(delay);
    if (!token || socket.handshake.auth.token === token) return next();
    next(Object.assign(new Error("unauthorized"), { data: { code: 401, hint: ["ask", "again"] } }));
  };
}

function values(socket) {
  socket.on("echo", (...args) => {
    const done = typeof args.at(-1) === "function" ? args.pop() : (...answer) => socket.emit("echo", ...answer);
    done(...args);
  });
  socket.on("message", (...args) => {
    const done = typeof args.at(-1) === "function" ? args.pop() : () => {};
    socket.emit("message-back", ...args);
    done(Buffer.byteLength(`${args[0]}`));
  });
  socket.on("sum", (a, b, done) => done(a + b));
  socket.on("swap", (a, b, done) => done(b, a));
  socket.on("nothing", (done) => done());
  socket.on("length", (text, done) => done(Buffer.byteLength(text)));
  socket.on("upload", (name, bytes, done) => done(name, bytes.length));
  socket.on("download", (size) => socket.emit("file", "data.bin", pattern(size)));
  socket.on("never ack", () => {});
  socket.on("slow ack", (ms, done) => setTimeout(done, ms, ms));
  socket.on("twice", (done) => (done(1), done(2)));
}

/// "ask", "question", 6, 7: the server emits that with an acknowledgement; what came back is in "answered".
function questions(socket) {
  socket.on("ask", (event, ...args) =>
    socket.timeout(10_000).emit(event, ...args, (error, ...answer) =>
      socket.emit("answered", error?.message ?? null, ...answer)));
}

function rooms(nsp, socket) {
  const here = () => [...socket.rooms].filter((room) => room !== socket.id);
  socket.on("join", (room, done) => (socket.join(room), done?.(here())));
  socket.on("leave", (room, done) => (socket.leave(room), done?.(here())));
  socket.on("rooms", (done) => done(here()));
  socket.on("say", (room, ...args) => socket.nsp.to(room).emit("said", ...args));
  socket.on("shout", (...args) => socket.broadcast.emit("shouted", ...args));
}

function streams(socket) {
  socket.on("flood", (n) => {
    for (let i = 0; i < n; i++) socket.emit("flooded", i);
  });
  socket.on("tick", (n) => {
    for (let i = 0; i < n; i++) socket.volatile.emit("ticked", i);
    socket.emit("all ticked");
  });
  // To the socket's own room, so that one that is away gets it when it is recovered.
  socket.on("later", (ms, ...event) => setTimeout(() => socket.nsp.to(socket.id).emit(...event), ms));
  socket.on("tally", (id, done) => (seen.set(id, (seen.get(id) ?? 0) + 1), done?.(id)));
  socket.on("count", (id, done) => done(seen.get(id) ?? 0));
  socket.on("counts", (done) => done(seen.size, [...seen.values()].reduce((a, b) => a + b, 0)));
}

function facts(socket) {
  socket.on("handshake", (done) => {
    const { headers, query, auth, url, secure, address } = socket.handshake;
    done({ headers, query, auth, url, secure, address });
  });
  socket.on("engine info", (done) => {
    const { id, transport, protocol } = socket.conn;
    const extensions = Object.keys(transport.socket?._extensions ?? {});
    done({ id, transport: transport.name, protocol, extensions, socket: socket.id, recovered: socket.recovered });
  });
  socket.on("departures", (done) => done(departures));
}

/// Ends what carries the session, as a broken network does: nothing is said.
function terminate({ transport }) {
  if (transport.socket?.terminate) return transport.socket.terminate();
  transport.req?.socket.destroy();
  transport.dataReq?.socket.destroy();
  transport.onClose?.();
}

function endings(socket) {
  socket.on("kick", (close) => socket.disconnect(close === true));
  socket.on("disconnect engine", (how, after = 0) =>
    setTimeout(() => (how === "terminate" ? terminate(socket.conn) : socket.conn.close()), after));
  socket.on("close after", (ms) => setTimeout(() => socket.conn.close(), ms));
  socket.on("crash", () => process.kill(process.pid, "SIGKILL"));
  socket.on("disconnect", (reason) => departures.push([socket.id, reason]));
}

export function addHandlers(nsp, socket) {
  values(socket);
  questions(socket);
  rooms(nsp, socket);
  streams(socket);
  facts(socket);
  endings(socket);
  socket.emit("hello", socket.id, socket.handshake.auth);
}
