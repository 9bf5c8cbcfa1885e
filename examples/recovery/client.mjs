// A client of the recovery example whose network fails every second: node client.mjs [URL], from a directory with npm's
// socket.io-client. It says which tick is lost or comes twice: none.
import { createRequire } from "node:module";

const { io } = createRequire(`${process.cwd()}/`)("socket.io-client");
const socket = io(process.argv[2] ?? "http://localhost:3000", { transports: ["websocket"], reconnectionDelay: 300 });

socket.on("connect", () => console.log(socket.recovered ? "back" : "new"));
socket.on("disconnect", (reason) => console.log(`the network failed: ${reason}`));

let last;
socket.on("tick", (n) => {
  console.log(last === undefined || n === last + 1 ? `tick ${n}` : `WRONG: ${n} after ${last}`);
  last = n;
});

setInterval(() => socket.io.engine.transport.ws?.terminate(), 1000);  // no closing handshake: the line is dead
