# No file is longer than 300 lines: past that there is a second noun in it.
import pathlib
import sys

root = pathlib.Path(sys.argv[1])
LIMIT = 300

sources = [f for folder in ("include", "src", "tests", "examples", "tools", "bench")
           for f in (root / folder).rglob("*")
           if f.suffix in {".hpp", ".ipp", ".cpp", ".mjs", ".js", ".py", ".sh"} and "node_modules" not in f.parts]
lengths = sorted(((len(f.read_text().splitlines()), f) for f in sources), reverse=True)
faults = [f"{f.relative_to(root)}: {length} lines, more than {LIMIT}" for length, f in lengths if length > LIMIT]

print("\n".join(faults) or f"{len(sources)} files, the longest {lengths[0][1].relative_to(root)}: {lengths[0][0]} lines")
sys.exit(1 if faults else 0)
