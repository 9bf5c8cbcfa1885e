#!/usr/bin/env bash
# From nothing to a running chat: open http://localhost:3000 in two browser tabs. PORT changes the port.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
cmake -S . -B build -G Ninja -DSIO_BUILD_TESTS=OFF \
  -DSIO_CLIENT_DIR="$PWD/build/client/node_modules/socket.io-client/dist" >build/configure.log ||
  { cat build/configure.log; exit 1; }
cmake --build build --target chat
exec build/bin/chat
