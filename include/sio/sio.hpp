// All of the library.
#pragma once

#include <sio/parser.hpp>
#include <sio/server.hpp>
