#!/bin/sh
# Every header of a folder compiles alone: alone.sh <root> <folder below include> <compiler and its flags…>
cd "$1/include" || exit 1
folder=$2
shift 2
failed=0
for header in "$folder"/*.hpp; do
  printf '#include <%s>\n#include <%s>\n' "$header" "$header" | "$@" -I. -fsyntax-only -x c++ - || {
    echo "include/$header does not compile alone"
    failed=1
  }
done
exit $failed
