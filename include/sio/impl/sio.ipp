// All bodies of the door.
#pragma once

#include <sio/impl/adapter.ipp>
#include <sio/impl/broadcast.ipp>
#include <sio/impl/client.ipp>
#include <sio/impl/emitter.ipp>
#include <sio/impl/engine.ipp>
#include <sio/impl/manager.ipp>
#include <sio/impl/metrics.ipp>
#include <sio/impl/nsp.ipp>
#include <sio/impl/parent_nsp.ipp>
#include <sio/impl/parser.ipp>
#include <sio/impl/remote_socket.ipp>
#include <sio/impl/server.ipp>
#include <sio/impl/socket.ipp>
#include <sio/impl/value.ipp>
