# What test.sh and matrix.sh are made of: build a tree, run its tests, run its fuzzers. To be sourced.
jobs=${JOBS:-2}
client="$PWD/build/client/node_modules/socket.io-client/dist"
# Little debug information: it costs more time to write than the optimiser.
plain=("-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1")
sanitized=("-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1")
# Under AddressSanitizer clang's optimiser takes three times as long as all the rest.
unoptimised=("-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O0 -g1")

# The sanitizers of these compilers lose their way where the kernel spreads addresses too widely.
fixed=()
if setarch "$(uname -m)" -R true 2>/dev/null; then fixed=(setarch "$(uname -m)" -R); fi
export UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=second_deadlock_stack=1

# build <directory> <compiler> <standard> <cmake options…>: builds $target, or everything
build() {
  local directory=$1 compiler=$2 standard=$3
  shift 3
  echo "== $directory: $compiler, C++$standard"
  mkdir -p "$directory"
  cmake -S . -B "$directory" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_STANDARD="$standard" \
    -DSIO_WERROR=ON -DSIO_BUILD_TESTS=ON -DSIO_BUILD_EXAMPLES=ON -DSIO_CLIENT_DIR="$client" "$@" \
    >"$directory/configure.log" || { cat "$directory/configure.log"; return 1; }
  "${fixed[@]}" cmake --build "$directory" --target ${target:-all} -j "$jobs"
}

# run_tests <directory> <ctest options…>
run_tests() {
  local directory=$1
  shift
  "${fixed[@]}" ctest --test-dir "$directory" --output-on-failure --no-tests=error -j "$jobs" "$@" |
    tee "$directory/tests.log"
}

# need_labels <directory> <labels…>: fails if a kind of test was left out for want of something.
need_labels() {
  local directory=$1 label
  shift
  for label in "$@"; do
    ctest --test-dir "$directory" -N -L "^$label\$" | grep "Test *#" >/dev/null ||
      { echo "no test is labelled $label" >&2; return 1; }
  done
}

# run_fuzzer <directory> <seconds> <program>
run_fuzzer() {
  local name=${3##*/fuzz_} dictionary=()
  mkdir -p "$1/corpus/$name" "tests/fuzz/corpus/$name"
  if [ -e "tests/fuzz/$name.dict" ]; then dictionary=("-dict=tests/fuzz/$name.dict"); fi
  echo "== fuzzing $name for $2 s"
  "${fixed[@]}" "$3" -max_total_time="$2" -print_final_stats=0 -verbosity=0 -artifact_prefix="$1/crash-$name-" \
    "${dictionary[@]}" "$1/corpus/$name" "tests/fuzz/corpus/$name" >"$1/fuzz-$name.log" 2>&1 ||
    { tail -50 "$1/fuzz-$name.log"; return 1; }
}

# run_fuzzers <directory> <seconds for each>: $jobs of them at a time
run_fuzzers() {
  local fuzzer running=0
  for fuzzer in "$1"/bin/fuzz_*; do
    [ -x "$fuzzer" ] || continue
    if [ "$running" -ge "$jobs" ]; then
      wait -n || return 1
      running=$((running - 1))
    fi
    run_fuzzer "$1" "$2" "$fuzzer" &
    running=$((running + 1))
  done
  while [ "$running" -gt 0 ]; do
    wait -n || return 1
    running=$((running - 1))
  done
}

# closing_lines <directories…>
closing_lines() {
  local directory
  for directory in "$@"; do
    echo "$directory: $(grep "tests passed" "$directory/tests.log")"
  done
}
