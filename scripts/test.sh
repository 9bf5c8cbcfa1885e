#!/usr/bin/env bash
# Builds everything and runs every test: plainly with g++, then under the sanitizers. From nothing, or again.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh test
. scripts/stages.sh

SECONDS=0
build build g++ 17 "${plain[@]}"
run_tests build -LE slow
need_labels build js browser python client house

build build/asan clang++-14 20 -DSIO_SANITIZE=address,undefined -DSIO_BUILD_FUZZERS=ON "${unoptimised[@]}"
run_tests build/asan -LE "browser|compile|house"
run_fuzzers build/asan 4

# The servers that other languages talk to have one thread: only the tests in C++ have more.
target="io_tests client_tests" build build/tsan g++ 17 -DSIO_BUILD_EXAMPLES=OFF -DSIO_SANITIZE=thread "${sanitized[@]}"
run_tests build/tsan -L "^(io|client)$"

echo
echo "All passed in $((SECONDS / 60)) min $((SECONDS % 60)) s:"
closing_lines build build/asan build/tsan
