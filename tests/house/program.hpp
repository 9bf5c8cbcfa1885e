// A user's program in two files: one has the server, the other its handlers.
#pragma once

#include <sio/server.hpp>

void add_handlers(const sio::server& io);
