#!/bin/sh
# All sources look as the formatter has them: format.sh <root>
cd "$1" || exit 1
if ! command -v clang-format-14 >/dev/null; then
  echo "skipped: no clang-format-14"
  exit 77
fi
find include src tests examples tools -name node_modules -prune -o \( -name '*.hpp' -o -name '*.ipp' -o -name '*.cpp' \) -print |
  xargs clang-format-14 --dry-run -Werror
