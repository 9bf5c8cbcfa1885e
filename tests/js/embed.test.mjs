// A host's own HTTP server and Socket.IO on one port: each request gets to whom it is for.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ask, connected, limit, serverForSuite, ways } from "./support.mjs";

const command = process.env.SIO_EMBED ?? `"${fileURLToPath(new URL("../../build/bin/embed", import.meta.url))}"`;

describe("embedded in a host's server", () => {
  const server = serverForSuite({ command });

  it("the host answers its own requests", limit, async () => {
    const page = await fetch(server.url);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<title>embed/);
    assert.equal((await fetch(`${server.url}/other`)).status, 404);
  });

  it("the client bundle comes from Socket.IO", limit, async () => {
    const bundle = await fetch(`${server.url}/socket.io/socket.io.js`);
    assert.match(await bundle.text(), /Socket.IO v4/);
  });

  for (const [way, options] of Object.entries(ways)) {
    it(`${way}: an event goes there and back`, limit, async () => {
      const socket = await connected(server.url, options);
      const big = "x".repeat(200_000);
      assert.equal(await ask(socket, "echo", big), big);
      assert.equal((await fetch(server.url)).status, 200);
    });
  }
});
