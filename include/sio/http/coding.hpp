// Which content coding an answer may have: Accept-Encoding, judged as npm `negotiator` judges it.
//
//   Accept-Encoding: gzip;q=0.5, deflate, br   -> deflate
#pragma once

#include <sio/http/chars.hpp>

#include <cstdint>
#include <string_view>

namespace sio {
inline namespace SIO_ABI {
namespace http {

enum class coding : std::uint8_t { identity, gzip, deflate };

/// As Content-Encoding has it.
inline std::string_view to_string(coding c) noexcept {
  constexpr std::string_view names[] = {"identity", "gzip", "deflate"};
  return names[static_cast<std::size_t>(c)];
}

/// The better of gzip and deflate in the eyes of the client; identity if it takes neither.
coding preferred_coding(std::string_view accept_encoding);

/// Whether the client takes that one at all.
bool takes(std::string_view accept_encoding, coding c);

// ---- bodies

namespace detail {

// How much a client wants a coding: by weight, then by its own name before "*", then by place.
struct liking {
  int weight = 0;  // in thousandths
  bool named = false;
  int place = 0;

  bool beats(const liking& other) const noexcept {
    if (weight != other.weight) return weight > other.weight;
    return named != other.named ? named : place < other.place;
  }
};

// "0.25" -> 250; what is no weight refuses.
inline int read_weight(std::string_view text) noexcept {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  const int whole = (text[0] - '0') * 1000;
  if (text.size() == 1) return whole;
  if (text[1] != '.' || text.size() > 5) return 0;
  int part = 0, unit = 100;
  for (const char c : text.substr(2)) {
    if (c < '0' || c > '9') return 0;
    part += (c - '0') * unit;
    unit /= 10;
  }
  return whole != 0 ? whole : part;
}

// gzip ; q=0.5
inline int weight_of(std::string_view parameters) noexcept {
  while (!parameters.empty()) {
    const std::size_t end = parameters.find(';');
    const std::string_view one = trimmed(parameters.substr(0, end));
    if (one.size() > 1 && (one[0] == 'q' || one[0] == 'Q') && one[1] == '=') return read_weight(trimmed(one.substr(2)));
    parameters = end == std::string_view::npos ? std::string_view() : parameters.substr(end + 1);
  }
  return 1000;
}

inline liking liking_of(std::string_view name, std::string_view accept_encoding) {
  liking best;
  int place = 0;
  each_element(accept_encoding, [&](std::string_view element) {
    const std::size_t semicolon = element.find(';');
    const std::string_view given = trimmed(element.substr(0, semicolon));
    const bool named = same_letters(given, name);
    ++place;
    if (!named && given != "*") return;
    const int weight = weight_of(semicolon == std::string_view::npos ? "" : element.substr(semicolon + 1));
    // Its own name counts before "*", even where it refuses.
    if (best.place == 0 || (named != best.named ? named : weight > best.weight)) best = {weight, named, place};
  });
  return best;
}

}  // namespace detail

inline coding preferred_coding(std::string_view accept_encoding) {
  const detail::liking gzip = detail::liking_of("gzip", accept_encoding);
  const detail::liking deflate = detail::liking_of("deflate", accept_encoding);
  if (gzip.weight == 0 && deflate.weight == 0) return coding::identity;
  return deflate.beats(gzip) ? coding::deflate : coding::gzip;
}

inline bool takes(std::string_view accept_encoding, coding c) {
  return detail::liking_of(to_string(c), accept_encoding).weight != 0;
}

}  // namespace http
}  // namespace SIO_ABI
}  // namespace sio
