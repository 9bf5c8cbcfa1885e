// JSON text as a value, as strict as JSON.parse, with a bound on its depth.
#pragma once

#include <sio/json/number_reader.hpp>
#include <sio/json/rapidjson.hpp>
#include <sio/json/surrogates.hpp>
#include <sio/unicode/utf8.hpp>
#include <sio/value.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sio {
inline namespace SIO_ABI {
namespace json {
namespace detail {

// A RapidJSON stream over text that holds no NUL: NUL is RapidJSON's end of stream.
class text_stream {
 public:
  using Ch = char;
  explicit text_stream(std::string_view text) : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  Ch Peek() const { return at_ == end_ ? '\0' : *at_; }
  Ch Take() { return at_ == end_ ? '\0' : *at_++; }
  std::size_t Tell() const { return static_cast<std::size_t>(at_ - begin_); }

  // RapidJSON asks for these of every stream; only parsing in place would call them.
  Ch* PutBegin() { return nullptr; }
  void Put(Ch) {}
  void Flush() {}
  std::size_t PutEnd(Ch*) { return 0; }

 private:
  const char* begin_;
  const char* at_;
  const char* end_;
};

// Builds the value from RapidJSON's events. Finished values wait on a stack until their array or object ends;
// an object's names wait there too, each before its value.
class builder {
 public:
  explicit builder(std::size_t max_depth) : max_depth_(max_depth) {
    stack_.reserve(16);
  }  // a small event needs no more

  bool Null() { return push(nullptr); }
  bool Bool(bool b) { return push(b); }
  bool RawNumber(const char* text, rj::SizeType size, bool) {
    if (const auto i = read_integer({text, size})) return push(*i);
    const auto d = read_double({text, size});
    return d && push(*d);
  }
  bool String(const char* text, rj::SizeType size, bool) { return push(std::string(text, size)); }
  bool Key(const char* text, rj::SizeType size, bool) { return push(std::string(text, size)); }
  bool StartArray() { return ++depth_ <= max_depth_; }
  bool StartObject() { return ++depth_ <= max_depth_; }

  bool EndArray(rj::SizeType count) {
    array out;
    out.reserve(count);
    for (std::size_t i = stack_.size() - count; i != stack_.size(); ++i) out.push_back(std::move(stack_[i]));
    return replace(count, std::move(out));
  }

  bool EndObject(rj::SizeType count) {
    std::vector<object::member> out;
    out.reserve(count);
    for (std::size_t i = stack_.size() - 2 * std::size_t{count}; i != stack_.size(); i += 2)
      out.push_back({std::move(*stack_[i].if_string()), std::move(stack_[i + 1])});
    return replace(2 * std::size_t{count}, object::from_members(std::move(out)));
  }

  // RapidJSON compiles the calls of these, too; with numbers as text it makes none.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  value take() { return std::move(stack_.back()); }

 private:
  template <class T>
  bool push(T&& part) {
    stack_.emplace_back(std::forward<T>(part));
    return true;
  }

  template <class T>
  bool replace(std::size_t count, T whole) {
    --depth_;
    stack_.resize(stack_.size() - count);
    return push(std::move(whole));
  }

  std::vector<value> stack_;
  std::size_t depth_ = 0;
  std::size_t max_depth_;
};

inline std::optional<value> parse_whole(std::string_view text, std::size_t max_depth) {
  // Numbers come as text: given a long one, the 1.1.0 reader's own conversion reads outside its tables.
  constexpr unsigned rules = rj::kParseIterativeFlag | rj::kParseNumbersAsStringsFlag;
  text_stream stream(text);
  builder built(max_depth);
  rj::Reader reader;
  if (reader.Parse<rules>(stream, built).IsError()) return std::nullopt;
  return built.take();
}

}  // namespace detail

/// The value of that text, or nothing if it is not JSON, not UTF-8, holds a NUL, or nests deeper than `max_depth`
/// (never more than 1,000). Integers of 64 bits stay exact, larger ones are rounded; a number too large for a double,
/// such as 1e400, is refused (JSON.parse makes it Infinity, which no JSON could send on). Of a name given twice the
/// last wins.
inline std::optional<value> parse(std::string_view text, std::size_t max_depth = 100) {
  constexpr std::size_t longest = std::numeric_limits<std::int32_t>::max();  // RapidJSON counts in 32 bits
  constexpr std::size_t deepest = 1000;                                      // a value's destructor recurses
  if (text.size() > longest || text.find('\0') != std::string_view::npos) return std::nullopt;
  if (!unicode::is_utf8(text)) return std::nullopt;  // faster at once than letter by letter in the reader
  if (max_depth > deepest) max_depth = deepest;
  if (detail::find_lone_half(text, 0) == text.size()) return detail::parse_whole(text, max_depth);
  std::string mended(text);
  detail::replace_lone_halves(mended);
  return detail::parse_whole(mended, max_depth);
}

}  // namespace json
}  // namespace SIO_ABI
}  // namespace sio
