// sio: only times of std::chrono::system_clock can travel
#include <sio/convert.hpp>

const sio::array arguments = sio::pack_array("at", std::chrono::steady_clock::now());
