// What the peers have in common: npm packages from tests/js, the ready line, and an end with the test that started them.
import { createRequire } from "node:module";
import readline from "node:readline";

/// Official packages, as tests/js/package.json names them.
export const need = createRequire(new URL("../../js/package.json", import.meta.url));

/// Calls `listen` of a server and says where: "ready 40123". A path is that of a Unix-domain socket: "ready 0".
export function announce(server, where) {
  server.listen(where, () => console.log(`ready ${server.address().port ?? 0}`));
}

/// Lines of standard input, from a terminal or a test. The latter says PEER_ATTENDED: when it is gone, so is this.
export function commands(listener = () => {}) {
  if (!process.env.PEER_ATTENDED && !process.stdin.isTTY) return;
  readline.createInterface({ input: process.stdin }).on("line", listener).on("close", () => process.exit(0));
}

/// A SIGTERM is obeyed at once: tests wait for the end.
process.on("SIGTERM", () => process.exit(0));
