// The Socket.IO client: `sio::client`, and `sio::manager` for what carries it.
#pragma once

#include <sio/client_handle.hpp>
#include <sio/manager.hpp>

#if !defined(SIO_SEPARATE_COMPILATION)
#include <sio/impl/sio.ipp>  // header-only: the bodies of the whole door, once all of it is known
#endif
