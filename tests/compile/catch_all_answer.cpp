// sio: a catch-all listener returns nothing: the event's listeners answer
#include <sio/catch_all.hpp>

const sio::handler on_all = sio::detail::make_catch_all([](std::string event) { return event; });
