// A TCP proxy in front of a server: the network that tests cut.
import { once } from "node:events";
import net from "node:net";
import { reset } from "./connection.mjs";

export class Proxy {
  #pairs = new Set();
  #up = true;

  /// A network to a port of this machine.
  static async to(target) {
    const proxy = new Proxy();
    proxy.server = net.createServer((near) => proxy.#join(near, target)).listen(0, "127.0.0.1");
    await once(proxy.server, "listening");
    proxy.url = `http://127.0.0.1:${proxy.server.address().port}`;
    return proxy;
  }

  #join(near, target) {
    if (!this.#up) return reset(near.on("error", () => {}));
    const pair = { near, far: net.connect(target, "127.0.0.1") };
    this.#pairs.add(pair);
    for (const [from, to] of [[near, pair.far], [pair.far, near]]) {
      from.setNoDelay(true).on("error", () => {});  // "close" follows
      from.once("close", () => {
        if (!pair.halfDead) to.destroy();
        if (to.destroyed) this.#pairs.delete(pair);
      });
      from.pipe(to);
    }
  }

  /// Ends all connections, by resets; until `mend` there are no further ones.
  cut() {
    this.#up = false;
    for (const { near, far } of this.#pairs) reset(near), reset(far);
  }
  mend() {
    this.#up = true;
  }

  /// Ends all connections, but the server hears nothing of it.
  cutSilently() {
    for (const pair of this.#pairs) {
      pair.halfDead = true;
      pair.near.unpipe(pair.far);
      pair.far.unpipe(pair.near);
      pair.far.resume();
      reset(pair.near);
    }
  }

  close() {
    this.cut();
    this.server.close();
  }
}
