# Who may include whom: each #include of include/sio against the table below; and that no file includes itself by way
# of others. Prints the offending lines.
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1]) / "include"

# The door, from the ground up: each of its headers may include those before it.
DOOR = """config calendar metrics binary value parser error tls proxy request options conversion nlohmann each enums
           chrono collections spans fields convert socket_data ack signature parameter handler middleware emitter catch_all
           completion query adapter broadcast_answers broadcast remote_socket server_side socket nsp
           pattern parent_nsp drain engine stream server client_options client_handle manager client coroutine sio""".split()

# What else a layer may include: whole layers, or single files. All may include config.hpp and std, and their own layer.
LAYERS = {
    "unicode": [],
    "http": ["unicode", "calendar", "error", "proxy", "request", "options"],
    "ws": ["unicode", "http", "eio/base64", "error"],
    "json": ["unicode", "door"],
    "msgpack": ["unicode", "value", "parser", "calendar"],
    "events": ["door"],
    "eio": ["unicode", "json", "options", "error"],
    "parser": ["unicode", "json", "value", "eio/packet", "parser"],
    "net": ["unicode", "http", "ws", "eio/base64", "eio/packet", "error", "tls", "proxy", "request", "options"],
    "ends": ["events", "eio", "parser", "net", "door"],
    "server": ["unicode", "http", "ws", "json", "events", "eio", "parser", "net", "ends", "door"],
    "client": ["unicode", "http", "ws", "json", "events", "eio", "parser", "net", "ends", "door"],
}

# Third parties, by how their headers' names begin.
THIRD = {
    "door": ["asio/any_io_executor.hpp", "asio/associated_executor.hpp", "asio/async_result.hpp", "asio/dispatch.hpp",
             "asio/post.hpp"],
    "json": ["rapidjson/"],
    "http": ["zlib.h"],
    "ws": ["websocketpp/", "zlib.h"],
    "net": ["asio", "openssl/", "sys/random.h", "sys/stat.h", "unistd.h", "windows.h", "winsock2.h", "bcrypt.h"],
    "ends": ["asio"],
    "server": ["asio"],
    "client": ["asio", "signal.h"],
}

# What `sio/stream.hpp` brings is wanted only where a host gives its streams away.
ON_DEMAND = {"sio/stream.hpp": ["sio/net/rehome.hpp", "sio/net/stream.hpp"]}

# Not included by C++17.
COROUTINES = "sio/coroutine.hpp"
COROUTINES_MAY = ["asio/awaitable.hpp", "asio/co_spawn.hpp", "asio/use_awaitable.hpp"]

# The end of these headers brings the bodies into header-only programs.
BODIES = {"sio/client.hpp": "sio/impl/sio.ipp", "sio/metrics.hpp": "sio/impl/metrics.ipp",
          "sio/server.hpp": "sio/impl/sio.ipp",
          "sio/value.hpp": "sio/impl/value.ipp"}


def layer_of(file):
    """sio/ws/frame.hpp -> ws; sio/value.hpp -> door"""
    parts = file.split("/")
    return parts[1] if len(parts) == 3 else "door"


def stem_of(file):
    """sio/eio/packet.hpp -> eio/packet; sio/value.hpp -> value"""
    return file[len("sio/") : file.rindex(".")]


def allowed(file, wanted):
    layer = layer_of(file)
    if layer == "impl" or BODIES.get(file) == wanted or wanted in ON_DEMAND.get(file, []):
        return True
    if not wanted.startswith("sio/"):
        if file == COROUTINES and wanted in COROUTINES_MAY:
            return True
        std = re.fullmatch(r"[a-z_]+", wanted)
        return bool(std) or any(wanted.startswith(begin) for begin in THIRD.get(layer, []))
    to = layer_of(wanted)
    if layer == "door":
        return to == "door" and DOOR.index(stem_of(wanted)) < DOOR.index(stem_of(file))
    return to == layer or wanted == "sio/config.hpp" or to in LAYERS[layer] or stem_of(wanted) in LAYERS[layer]


def includes_of(file):
    for number, line in enumerate((root / file).read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)
        if found:
            yield number, line, found[2] if found[1] == "<" else '"' + found[2]


def find_circle(file, graph, path, done):
    if file in path:
        return path[path.index(file) :] + [file]
    if file in done or file not in graph:
        return None
    done.add(file)
    circles = (find_circle(wanted, graph, path + [file], done) for wanted in graph[file])
    return next((circle for circle in circles if circle), None)


files = sorted(str(f.relative_to(root).as_posix()) for f in (root / "sio").rglob("*.[hi]pp"))
faults = [f"include/{f}: the table of tests/house/includes.py does not know it" for f in files
          if layer_of(f) not in {"impl", "door", *LAYERS} or (layer_of(f) == "door" and stem_of(f) not in DOOR)]
graph = {}
for file in files if not faults else []:
    graph[file] = [wanted for _, _, wanted in includes_of(file) if BODIES.get(file) != wanted]
    faults += [f"include/{file}:{number}: {layer_of(file)} may not: {line.strip()}"
               for number, line, wanted in includes_of(file) if not allowed(file, wanted)]
done = set()
circles = [circle for file in files if (circle := find_circle(file, graph, [], done))]
faults += ["a circle: " + " -> ".join(circle) for circle in circles]

print("\n".join(faults) or f"{len(files)} files include only what they may")
sys.exit(1 if faults else 0)
