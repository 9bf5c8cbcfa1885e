#!/usr/bin/env bash
# Installs what is missing for the chat, and with the argument "test" what the tests need besides. For Debian 12.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
# need <package> <a command or an absolute path that it brings>: what is there already, from wherever, is left alone.
need() {
  case "$2" in
    /*) [ -e "$2" ] && return ;;
    *) command -v "$2" >/dev/null && return ;;
  esac
  missing+=("$1")
}

need g++ g++
need cmake cmake
need ninja-build ninja
need libasio-dev /usr/include/asio.hpp
need libwebsocketpp-dev /usr/include/websocketpp/close.hpp
need rapidjson-dev /usr/include/rapidjson/reader.h
need libssl-dev /usr/include/openssl/ssl.h
need zlib1g-dev /usr/include/zlib.h
need ca-certificates /etc/ssl/certs/ca-certificates.crt
need nodejs node
need npm npm
if [ "${1:-}" = test ]; then
  need catch2 /usr/include/catch2
  need clang-14 clang++-14
  need clang-format-14 clang-format-14
  need libclang-rt-14-dev /usr/lib/llvm-14/lib/clang/14.0.6/lib/linux
  need chromium chromium
  need openssl openssl
  need nlohmann-json3-dev /usr/include/nlohmann/json.hpp
  need python3 python3
  need python3-socketio /usr/lib/python3/dist-packages/socketio
  need python3-aiohttp /usr/lib/python3/dist-packages/aiohttp
fi

if [ ${#missing[@]} -gt 0 ]; then
  echo "installing: ${missing[*]}"
  command -v apt-get >/dev/null || { echo "no apt-get here: please install these by hand" >&2; exit 1; }
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The browser's half: the official client, of the version that the tests use, for the server to hand out.
version=$(node -p "require('./tests/js/package.json').dependencies['socket.io-client']")
if [ ! -e "build/client/$version" ]; then
  mkdir -p build/client
  npm install --prefix build/client --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
    "socket.io-client@$version"
  touch "build/client/$version"
fi
if [ "${1:-}" = test ]; then
  npm install --prefix tests/js --no-package-lock --no-audit --no-fund --loglevel=error
fi
