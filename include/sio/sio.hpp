// All of the library.
#pragma once

#include <sio/client.hpp>
#include <sio/parser.hpp>
#include <sio/server.hpp>

#if defined(ASIO_HAS_CO_AWAIT)
#include <sio/coroutine.hpp>
#endif
