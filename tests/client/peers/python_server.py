"""Debian's python3-socketio as a server, unmodified: python_server.py [port]; it prints "ready PORT".

Its handlers have the names of node_handlers.mjs, as far as it can do what they do."""
import asyncio
import os
import signal
import socket
import sys

try:
    import socketio
    from aiohttp import web
except ImportError as missing:
    print(f"skipped: {missing}; install python3-socketio and python3-aiohttp", file=sys.stderr)
    sys.exit(77)

server = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*")


class Answers(socketio.AsyncNamespace):
    """One namespace. What a handler returns is its acknowledgement; a tuple is several arguments."""

    async def on_connect(self, sid, environ, auth):
        if auth and auth.get("token") == "wrong":
            raise socketio.exceptions.ConnectionRefusedError("unauthorized", {"code": 401})
        await self.emit("hello", (sid, auth or {}), to=sid)

    async def on_echo(self, sid, *args):
        await self.emit("echo", args, to=sid)
        return args

    async def on_message(self, sid, *args):
        await self.emit("message-back", args, to=sid)

    async def on_sum(self, sid, a, b):
        return a + b

    async def on_upload(self, sid, name, content):
        return name, len(content)

    async def on_download(self, sid, size):
        await self.emit("file", ("data.bin", bytes(i % 251 for i in range(size))), to=sid)

    async def on_ask(self, sid, event, *args):
        async def answered(*answer):
            await self.emit("answered", (None, *answer), to=sid)

        await self.emit(event, args, to=sid, callback=answered)

    async def on_join(self, sid, room):
        self.enter_room(sid, room)
        return [name for name in self.rooms(sid) if name != sid]

    async def on_say(self, sid, room, *args):
        await self.emit("said", args, room=room)

    async def on_flood(self, sid, n):
        for i in range(n):
            await self.emit("flooded", i, to=sid)

    async def on_kick(self, sid, *_):
        await self.disconnect(sid)


# A name with a blank cannot be a method's.
@server.on("never ack")
async def never_ack(sid):
    await asyncio.sleep(3600)


async def main():
    for name in ("/", "/admin"):
        server.register_namespace(Answers(name))
    app = web.Application()
    server.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0))
    await web.SockSite(runner, listener).start()
    print("ready", listener.getsockname()[1], flush=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    if os.environ.get("PEER_ATTENDED"):
        loop.add_reader(sys.stdin, lambda: sys.stdin.readline() or ended.set())
    await ended.wait()
    os._exit(0)  # clients may stay: no farewell


asyncio.run(main())
