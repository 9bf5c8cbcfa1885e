// json::parse against a second parser, parse and print as a fixpoint, and output that is always UTF-8.
#include <sio/json/reader.hpp>
#include <sio/json/writer.hpp>
#include <support/reference_json.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

void check_printed(const std::string& text) {
  demand(reference_json::is_utf8(text));
  const auto again = sio::json::parse(text, 1000);
  demand(again && sio::json::to_text(*again) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string quoted;
  sio::json::write_string(quoted, text);
  check_printed(quoted);

  reference_json second(text, 100);
  const bool expected = second.accepts();
  const auto parsed = sio::json::parse(text);
  if (!second.doubtful()) demand(parsed.has_value() == expected);
  if (parsed) check_printed(sio::json::to_text(*parsed));
  return 0;
}
