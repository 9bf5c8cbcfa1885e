// The recovery example and its client, as their first lines say.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { after, it } from "node:test";
import { fileURLToPath } from "node:url";
import { limit, startServer, within } from "./support.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const program = process.env.SIO_RECOVERY ?? here("../../build/bin/recovery");
const unquoted = program.replaceAll('"', "");

it("loses no tick over three failures of the network", { ...limit, skip: !existsSync(unquoted) }, async () => {
  const server = await startServer({ command: `"${unquoted}"` });
  after(() => server.kill());
  const client = spawn(process.execPath, [here("../../examples/recovery/client.mjs"), server.url], {
    cwd: here("."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  after(() => client.kill("SIGKILL"));
  let text = "";
  const enough = new Promise((resolve) => {
    client.stdout.setEncoding("utf8").on("data", (piece) => {
      text += piece;
      if ((text.match(/^back$/gm) ?? []).length === 3) resolve();
    });
  });
  await within(enough, "three times \"back\"");
  assert.doesNotMatch(text, /WRONG/);
  assert.equal((text.match(/^new$/gm) ?? []).length, 1);
});
