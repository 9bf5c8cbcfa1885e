// tests/support/engine_server.cpp as the official packages make it: what the law tests of the engine are measured on.
import { createServer } from "node:http";
import { Server } from "socket.io";

const failures = [];
const answers = {
  "/failures": () => JSON.stringify(failures.splice(0)),
  "/count": () => String(io.engine.clientsCount),
};
const http = createServer((req, res) => {
  const answer = answers[req.url];
  answer ? res.end(answer()) : res.writeHead(404).end();
});
const io = new Server(http, {
  cookie: {
    name: "sid2",
    maxAge: 86400,
    secure: true,
    partitioned: true,
    priority: "high",
    sameSite: true,
    expires: new Date(1893456000000),
  },
  allowRequest: (req, decide) => decide(req._query.forbid, req._query.forbid === undefined),
});

io.engine.use((req, res, next) => {
  res.setHeader("X-First", "1");
  next();
});
io.engine.use((req, res, next) => {
  const what = req._query.mw;
  if (what === "fail") return next(new Error("as you like"));
  if (what === "answer") {
    res.setHeader("X-Answer", "mine");
    res.writeHead(401);
    return res.end("who are you?");
  }
  if (what !== "later") return next();
  setTimeout(() => {
    res.setHeader("X-Later", "1");
    next();
  }, 20);
});
let count = 0;
io.engine.generateId = ({ _query: { id } }) => {
  if (id === "fail") throw new Error("no ids today");
  return id ?? `session-${++count}`;
};
io.engine.on("initial_headers", (headers, req) => (headers["X-Initial"] = req._query.transport));
io.engine.on("headers", (headers, req) => (headers["X-Headers"] = req.method));
io.engine.on("connection_error", ({ req, code, message, context }) => {
  const { error, ...plain } = context;
  failures.push({ code, message, context: error ? { ...plain, error: error.message } : plain, url: req.url });
});
io.on("connection", (socket) => {
  socket.on("echo", (text) => socket.emit("echo", text));
  socket.on("plain text", (size) => socket.compress(false).emit("text", "x".repeat(size)));
  socket.on("text", (size) => socket.emit("text", "x".repeat(size)));
});

process.on("SIGTERM", () => io.close(() => process.exit(0)));
http.listen(Number(process.argv[2]), () => console.log(`ready ${http.address().port}`));
