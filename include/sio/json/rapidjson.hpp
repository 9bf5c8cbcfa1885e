// RapidJSON's reader, included here and nowhere else, in a namespace that a host's own RapidJSON cannot meet.
#pragma once

#include <sio/config.hpp>

// Compiled once, the library is alone in its file: there RapidJSON gets a namespace of ours, so that a host built with
// other RAPIDJSON_ settings breaks no one-definition rule. In a header the host may include it too, before or after.
#if defined(SIO_SEPARATE_COMPILATION) && !defined(RAPIDJSON_RAPIDJSON_H_) && !defined(RAPIDJSON_NAMESPACE)
#define RAPIDJSON_NAMESPACE sio_rapidjson
#endif

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#endif
// 1.1.0 adds to a null pointer while its stack is empty: harmless, mended upstream, but UBSan stops there.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/reader.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace sio {
inline namespace SIO_ABI {
namespace json {
namespace rj = ::RAPIDJSON_NAMESPACE;
}  // namespace json
}  // namespace SIO_ABI
}  // namespace sio
