#!/usr/bin/env bash
# The slow round: each compiler with each standard, with and without sanitizers, the tests labelled slow, and a minute for each
# fuzzer.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh test
. scripts/stages.sh

done_in=()
for compiler in g++ clang++-14; do
  for standard in 17 20; do
    for sanitizer in "" address,undefined thread; do
      directory=build/matrix/$compiler-$standard${sanitizer:+-${sanitizer%%,*}}
      build "$directory" "$compiler" "$standard" ${sanitizer:+-DSIO_SANITIZE=$sanitizer "${sanitized[@]}"}
      run_tests "$directory" -LE browser
      done_in+=("$directory")
    done
  done
done
build build/matrix/fuzzers clang++-14 20 -DSIO_SANITIZE=address,undefined -DSIO_BUILD_FUZZERS=ON \
  "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1"
run_fuzzers build/matrix/fuzzers 60

echo
closing_lines "${done_in[@]}"
