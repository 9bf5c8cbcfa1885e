// The Socket.IO client: `sio::client`, and `sio::manager` for what carries it.
#pragma once

#include <sio/client_handle.hpp>
#include <sio/manager.hpp>

#if !defined(SIO_SEPARATE_COMPILATION)
#include <sio/manager.hpp>  // header-only: at its end come the bodies, which know both
#endif
