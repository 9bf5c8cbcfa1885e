# In compiled mode the door stays light: no header of it brings in what only the library needs, and a file that includes
# server.hpp stays below a budget of preprocessed lines: lightness.py <root> <compiler and its flags…>
import pathlib
import re
import subprocess
import sys

root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]
include = root / "include"

HEAVY = re.compile(r"/(rapidjson|websocketpp|openssl)/|/asio\.hpp$|/asio/(io_context|ip/tcp|steady_timer)\.hpp$"
                   r"|/sio/(json|msgpack|http|ws|eio|parser|events|net|server|client|unicode)/|\.ipp$")
OURS = re.compile(r"/asio/.*\.ipp$")  # Asio's own bodies, which its light headers bring in header-only
ON_DEMAND = {"stream.hpp"}  # for hosts that give their own sockets away, which have Asio's sockets anyway
BUDGET = 70_000  # measured: 60,800 with g++ 12 and Asio 1.22


def preprocess(header, *flags):
    source = f"#include <{header}>\n"
    command = [*compiler, f"-I{include}", "-x", "c++", *flags, "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


def heavy_files(header):
    files = preprocess(header, "-M").replace("\\\n", " ").split()
    return [f for f in files if HEAVY.search(f) and not OURS.search(f)]


faults = [f"sio/{header.name} brings in {file}"
          for header in sorted((include / "sio").glob("*.hpp")) if header.name not in ON_DEMAND
          for file in heavy_files(f"sio/{header.name}")]
lines = len(preprocess("sio/server.hpp", "-E", "-P").splitlines())
if lines > BUDGET:
    faults.append(f"a file that includes sio/server.hpp has {lines} lines, more than {BUDGET}")

print("\n".join(faults) or f"the door is light: {lines} lines of {BUDGET}")
sys.exit(1 if faults else 0)
