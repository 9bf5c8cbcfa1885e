// All of the library.
#pragma once

#include <sio/server.hpp>
