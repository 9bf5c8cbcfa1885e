"""Debian's python3-socketio, unmodified, against the server that SIO_SERVER starts."""
import asyncio
import os
import signal
import sys
import unittest

try:
    import aiohttp  # noqa: F401  the client's asyncio transport
    import socketio
except ImportError as missing:
    print(f"skipped: {missing}; install python3-socketio and python3-aiohttp")
    sys.exit(77)

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SERVER = os.environ.get("SIO_SERVER", f'"{ROOT}/build/bin/app_server"')
PATIENCE = 30
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}


class Server:
    """A server on a port that the system chooses, or on a given one."""

    async def start(self, port=0):
        self.process = await asyncio.create_subprocess_shell(
            f"exec {SERVER} {port}", stdout=asyncio.subprocess.PIPE)
        line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
        word, port = line.decode().split()
        assert word == "ready", line
        self.port = int(port)
        self.url = f"http://localhost:{port}"
        return self

    async def end(self, how=signal.SIGTERM):
        if self.process.returncode is None:
            self.process.send_signal(how)
        try:
            return await asyncio.wait_for(self.process.wait(), PATIENCE)
        except asyncio.TimeoutError:
            self.process.kill()
            raise


class Client(socketio.AsyncClient):
    """Keeps what arrives, so that a test can wait for it."""

    def __init__(self, namespace="/", **options):
        super().__init__(**options)
        self.space = namespace
        self.queues = {}

    def arrivals(self, name):
        if name not in self.queues:
            queue = self.queues[name] = asyncio.Queue()

            async def keep(*args):
                queue.put_nowait(args)

            self.on(name, keep, namespace=self.space)
        return self.queues[name]

    async def next(self, name):
        return await asyncio.wait_for(self.arrivals(name).get(), PATIENCE)

    async def ask(self, *args):
        return await self.call(args[0], tuple(args[1:]), namespace=self.space, timeout=PATIENCE)

    async def tell(self, *args):
        await self.emit(args[0], tuple(args[1:]), namespace=self.space)


class ClientTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)
        self.server = await Server().start()
        self.clients = []

    async def asyncTearDown(self):
        for client in self.clients:
            await client.disconnect()
            await asyncio.wait_for(client.eio.wait(), PATIENCE)
            await client.eio.http.close()  # python-engineio leaves it open
        self.assertEqual(await self.server.end(), 0)

    async def join(self, transports=None, namespace="/", auth=None, listen=(), wait=True, **options):
        client = Client(namespace, **options)
        self.clients.append(client)
        for name in listen:
            client.arrivals(name)
        await client.connect(self.server.url, transports=transports, namespaces=[namespace], auth=auth,
                             wait=wait, wait_timeout=PATIENCE)
        return client

    async def each_way(self, check):
        for way, transports in TRANSPORTS.items():
            with self.subTest(way):
                await check(transports)

    async def test_events_and_acks_go_both_ways(self):
        async def check(transports):
            client = await self.join(transports, listen=["echo", "answered"])

            @client.on("question")
            def question(a, b):
                return a * b

            self.assertEqual(await client.ask("sum", 40, 2), 42)
            self.assertEqual(await client.ask("swap", "a", {"b": [1, None, True]}), ({"b": [1, None, True]}, "a"))
            await client.tell("echo", "你好 👋")
            self.assertEqual(await client.next("echo"), ("你好 👋",))
            await client.tell("ask me")
            self.assertEqual(await client.next("answered"), (True, 42))

        await self.each_way(check)

    async def test_binary_goes_both_ways_nested_too(self):
        async def check(transports):
            client = await self.join(transports, listen=["echo", "file"])
            value = {"list": [b"\x01", {"deep": bytes(range(256))}], "text": "t"}
            await client.tell("echo", value)
            self.assertEqual(await client.next("echo"), (value,))
            self.assertEqual(await client.ask("upload", "f", b"12345"), ("f ok", 5))
            await client.tell("download", 1000)
            self.assertEqual(await client.next("file"), ("data.bin", bytes(i % 251 for i in range(1000))))

        await self.each_way(check)

    async def test_rooms_and_broadcasts_reach_the_right_ones(self):
        async def check(transports):
            speaker, member, stranger = [await self.join(transports, listen=["said", "told"]) for _ in range(3)]
            await speaker.ask("join", "den")
            await member.ask("join", "den")
            await speaker.tell("say", "den", "to the others")
            await speaker.tell("tell", "to all")
            for client in (speaker, member, stranger):
                self.assertEqual(await client.next("told"), ("to all",))
            self.assertEqual(await member.next("said"), ("to the others",))
            self.assertTrue(speaker.arrivals("said").empty() and stranger.arrivals("said").empty())

        await self.each_way(check)

    async def test_a_large_text_arrives_whole(self):
        async def check(transports):
            client = await self.join(transports, listen=["echo"])
            text = "大" * 145_000  # the client writes each as \u5927: 870 kB
            self.assertEqual(await client.ask("length", text), 3 * 145_000)
            await client.tell("echo", text)
            self.assertEqual(await client.next("echo"), (text,))

        await self.each_way(check)

    async def test_the_token_opens_the_door_to_a_namespace(self):
        async def check(transports):
            auth = {"token": "secret", "user": "Ada"}
            client = await self.join(transports, namespace="/members", auth=auth)
            self.assertEqual(await client.ask("who am I"), "Ada")

        await self.each_way(check)

    async def test_a_refused_client_is_told_why(self):
        async def check(transports):
            client = await self.join(transports, "/members", {"token": "wrong"}, ["connect_error"], wait=False)
            (why,) = await client.next("connect_error")
            self.assertEqual(why, {"message": "not authorized", "data": {"code": 401, "hint": ["ask", "again"]}})

        await self.each_way(check)

    async def test_the_server_ends_it(self):
        async def check(transports):
            client = await self.join(transports, listen=["disconnect"], reconnection=False)
            await client.tell("dismiss me")
            await client.next("disconnect")

        await self.each_way(check)

    async def test_after_a_restart_the_client_is_back(self):
        client = await self.join(listen=["disconnect", "connect"], reconnection_delay=0.05, reconnection_delay_max=0.1)
        await client.next("connect")
        await self.server.end(signal.SIGKILL)
        await client.next("disconnect")
        await self.server.start(self.server.port)
        await client.next("connect")
        self.assertEqual(await client.ask("sum", 1, 1), 2)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
