// What the two ends of a WebSocket agree on before they compress (RFC 7692, 7.1): offers and answers.
#pragma once

#include <sio/config.hpp>
#include <sio/ws/extension.hpp>
#include <sio/ws/limits.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sio {
inline namespace SIO_ABI {
namespace ws {

/// What was agreed: whose window is forgotten after each message, and how large it is (two to the power of `bits`).
struct deflate_terms {
  bool server_no_context = false, client_no_context = false;
  int server_bits = 15, client_bits = 15;

  bool keeps_context(role sender) const noexcept {
    return sender == role::server ? !server_no_context : !client_no_context;
  }
  int bits(role sender) const noexcept { return sender == role::server ? server_bits : client_bits; }
};

/// What one end wants of both.
struct deflate_wishes {
  bool server_no_context = false, client_no_context = false;
  std::optional<int> server_bits = std::nullopt, client_bits = std::nullopt;  ///< 8 to 15
};

/// How the end that accepts says so, and what it means.
struct deflate_agreement {
  deflate_terms terms;
  std::string answer;  ///< permessage-deflate; client_max_window_bits=10
};

namespace detail {

inline constexpr std::string_view deflate_name = "permessage-deflate";
inline constexpr std::string_view server_no_context_name = "server_no_context_takeover";
inline constexpr std::string_view client_no_context_name = "client_no_context_takeover";
inline constexpr std::string_view server_bits_name = "server_max_window_bits";
inline constexpr std::string_view client_bits_name = "client_max_window_bits";

/// The parameters of one offer or answer; bits of 0 are a name without a value.
struct deflate_parameters {
  bool server_no_context = false, client_no_context = false;
  std::optional<int> server_bits = std::nullopt, client_bits = std::nullopt;
};

/// "8" to "15".
inline std::optional<int> read_window_bits(std::string_view text) noexcept {
  if (text == "8" || text == "9") return text[0] - '0';
  if (text.size() != 2 || text[0] != '1' || text[1] < '0' || text[1] > '5') return std::nullopt;
  return 10 + (text[1] - '0');
}

inline bool take_flag(bool& flag, const extension::parameter& from) noexcept {
  return !from.value && !std::exchange(flag, true);
}

inline bool take_bits(std::optional<int>& bits, const extension::parameter& from) noexcept {
  if (bits) return false;
  bits = from.value ? read_window_bits(*from.value) : 0;
  return bits.has_value();
}

/// Nothing if one is unknown, comes twice, or has a value that it may not have.
inline std::optional<deflate_parameters> read_deflate_parameters(const extension& from) {
  deflate_parameters read;
  for (const extension::parameter& p : from.parameters) {
    const bool fine = p.name == server_no_context_name   ? take_flag(read.server_no_context, p)
                      : p.name == client_no_context_name ? take_flag(read.client_no_context, p)
                      : p.name == server_bits_name       ? take_bits(read.server_bits, p) && read.server_bits != 0
                      : p.name == client_bits_name       ? take_bits(read.client_bits, p)
                                                         : false;
    if (!fine) return std::nullopt;
  }
  return read;
}

inline int smaller_window(std::optional<int> theirs, std::optional<int> mine) noexcept {
  const int offered = theirs.value_or(0) == 0 ? 15 : *theirs;
  return (std::min)(offered, mine.value_or(15));
}

inline void append_bits(std::string& out, std::string_view name, int bits) {
  out.append("; ").append(name).append("=").append(std::to_string(bits));
}

inline void append_parameter(std::string& out, std::string_view name, const deflate_terms& terms) {
  if (name == server_bits_name) return append_bits(out, name, terms.server_bits);
  if (name == client_bits_name) return append_bits(out, name, terms.client_bits);
  out.append("; ").append(name);
}

/// Those that were offered come first, in their order, as in the JS package `ws`.
inline std::string write_deflate_answer(const extension& offer, const deflate_parameters& theirs,
                                        const deflate_wishes& mine, const deflate_terms& terms) {
  std::string out(deflate_name);
  for (const extension::parameter& p : offer.parameters)
    if (p.value || p.name != client_bits_name || mine.client_bits) append_parameter(out, p.name, terms);
  if (mine.server_no_context && !theirs.server_no_context) append_parameter(out, server_no_context_name, terms);
  if (mine.client_no_context && !theirs.client_no_context) append_parameter(out, client_no_context_name, terms);
  if (mine.server_bits && !theirs.server_bits) append_parameter(out, server_bits_name, terms);
  return out;
}

/// Nothing if the offer is wrong, or leaves the client's window larger than `mine`.
inline std::optional<deflate_agreement> accept_deflate_offer(const extension& offer, const deflate_wishes& mine) {
  const auto theirs = read_deflate_parameters(offer);
  if (!theirs || (mine.client_bits && !theirs->client_bits)) return std::nullopt;
  const deflate_terms terms{
      theirs->server_no_context || mine.server_no_context, theirs->client_no_context || mine.client_no_context,
      smaller_window(theirs->server_bits, mine.server_bits), smaller_window(theirs->client_bits, mine.client_bits)};
  return deflate_agreement{terms, write_deflate_answer(offer, *theirs, mine, terms)};
}

}  // namespace detail

/// A server's verdict on the header of a client.
struct deflate_verdict {
  bool malformed = false;                      ///< the header is no list of extensions
  std::optional<deflate_agreement> agreement;  ///< the first offer that can be kept; none: nothing is compressed
};

inline deflate_verdict judge_deflate_offers(std::string_view header, const deflate_wishes& mine) {
  deflate_verdict verdict;
  extension_reader offers(header);
  while (const auto offer = offers.next())
    if (!verdict.agreement && offer->name == detail::deflate_name)
      verdict.agreement = detail::accept_deflate_offer(*offer, mine);
  verdict.malformed = offers.failed();
  if (verdict.malformed) verdict.agreement.reset();
  return verdict;
}

/// What a client asks for: permessage-deflate; client_max_window_bits
inline std::string deflate_offer(const deflate_wishes& mine) {
  std::string out(detail::deflate_name);
  if (mine.server_no_context) out.append("; ").append(detail::server_no_context_name);
  if (mine.client_no_context) out.append("; ").append(detail::client_no_context_name);
  if (mine.server_bits) detail::append_bits(out, detail::server_bits_name, *mine.server_bits);
  if (mine.client_bits)
    detail::append_bits(out, detail::client_bits_name, *mine.client_bits);
  else
    out.append("; ").append(detail::client_bits_name);
  return out;
}

/// What a server's answer to that offer means; nothing if the connection must fail: it is no answer to it.
inline std::optional<deflate_terms> read_deflate_answer(std::string_view header, const deflate_wishes& mine) {
  extension_reader answers(header);
  const auto answer = answers.next();
  if (!answer || answer->name != detail::deflate_name || answers.next() || answers.failed()) return std::nullopt;
  const auto theirs = detail::read_deflate_parameters(*answer);
  if (!theirs || theirs->client_bits == 0) return std::nullopt;
  if (theirs->server_bits.value_or(0) > mine.server_bits.value_or(15)) return std::nullopt;
  if (theirs->client_bits.value_or(0) > mine.client_bits.value_or(15)) return std::nullopt;
  return deflate_terms{theirs->server_no_context, theirs->client_no_context || mine.client_no_context,
                       theirs->server_bits.value_or(15), detail::smaller_window(theirs->client_bits, mine.client_bits)};
}

}  // namespace ws
}  // namespace SIO_ABI
}  // namespace sio
