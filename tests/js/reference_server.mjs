// The handlers of ../support/app_server.cpp on the official server: what the tests say must hold for both.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer((request, response) => response.writeHead(404).end());
const io = new Server(http, { pingInterval: 500, allowEIO3: true });

const pattern = (size) => Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
const roomsOf = (socket) => [...socket.rooms].filter((room) => room !== socket.id);

function answers(socket) {
  socket.on("echo", (value) => socket.emit("echo", value));
  socket.on("swap", (a, b, done) => done(b, a));
  socket.on("sum", (a, b, done) => done(a + b));
  socket.on("turn", ({ x, y }, done) => done({ x: -y, y: x }));
  socket.on("nothing", (done) => done());
  socket.on("upload", (name, bytes, done) => done(`${name} ok`, bytes.length));
  socket.on("download", (size) => socket.emit("file", "data.bin", pattern(size)));
  socket.on("length", (text, done) => done(Buffer.byteLength(text)));
  socket.on("handshake", (key, done) => done(socket.handshake.auth, socket.handshake.query[key]));
}

function questions(socket) {
  socket.on("ask me", () =>
    socket.timeout(10_000).emit("question", 6, 7, (error, answer) => socket.emit("answered", error === null, answer)));
  socket.on("ask me for bytes", () =>
    socket.timeout(10_000).emit("bytes please", pattern(5), (error, bytes) => socket.emit("bytes came", bytes)));
  socket.on("ask me in vain", () =>
    socket.timeout(100).emit("silence", (error) => socket.emit("unanswered", error.message)));
}

function rooms(nsp, socket) {
  socket.on("join", (room, done) => (socket.join(room), done(roomsOf(socket))));
  socket.on("leave", (room, done) => (socket.leave(room), done(roomsOf(socket))));
  socket.on("rooms", (done) => done(roomsOf(socket)));
  socket.on("say", (room, text) => socket.to(room).emit("said", text));
  socket.on("say to all", (room, text) => nsp.to(room).emit("said", text));
  socket.on("say to both", (one, other, text) => nsp.to(one).to(other).emit("said", text));
  socket.on("say except", (room, muted, text) => nsp.to(room).except(muted).emit("said", text));
  socket.on("shout", (value) => socket.broadcast.emit("shouted", value));
  socket.on("tell", (value) => nsp.emit("told", value));
}

function numbers(socket) {
  let count = 0;
  let inOrder = true;
  socket.on("number", (n) => (inOrder = inOrder && n === count, count += 1));
  socket.on("numbers", (done) => done(count, inOrder));
  socket.on("count to", (n) => {
    for (let i = 0; i < n; i++) socket.emit("number", i);
  });
  socket.on("tick", (n) => {
    for (let i = 0; i < n; i++) socket.volatile.emit("ticked", i);
    socket.emit("all ticked");
  });
}

function endings(nsp, socket) {
  socket.on("dismiss me", () => socket.disconnect());
  socket.on("hang up", () => socket.disconnect(true));
  socket.on("disconnecting", () => nsp.to("watchers").emit("going", socket.id, roomsOf(socket)));
  socket.on("disconnect", (reason) => nsp.to("watchers").emit("gone", socket.id, reason));
}

for (const nsp of [io.of("/"), io.of("/other")]) {
  nsp.on("connection", (socket) => {
    answers(socket);
    questions(socket);
    rooms(nsp, socket);
    numbers(socket);
    endings(nsp, socket);
    socket.emit("hello", socket.id, socket.handshake.auth);
  });
}

// Refuses with data, or lets in whom the token names.
const members = io.of("/members");
members.use((socket, next) => {
  if (socket.handshake.auth.token === "secret") return next();
  next(Object.assign(new Error("not authorized"), { data: { code: 401, hint: ["ask", "again"] } }));
});
members.on("connection", (socket) => socket.on("who am I", (done) => done(socket.handshake.auth.user)));

// Two middlewares in a row, the second one answering later.
const gates = io.of("/gates");
gates.use((socket, next) => (socket.join("gate 1"), next()));
gates.use((socket, next) => {
  setTimeout(() => {
    if (socket.handshake.auth.closed) return next(new Error("gate 2 is closed"));
    socket.join("gate 2");
    next();
  }, 20);
});
gates.on("connection", (socket) => socket.emit("passed", roomsOf(socket)));

http.listen(Number(process.argv[2]), () => console.log(`ready ${http.address().port}`));
process.on("SIGTERM", () => io.close().then(() => process.exit(0)));
