// sio: a handler takes its parameters by value, const& or &&, not by &
#include <sio/handler.hpp>

const sio::handler on_text = sio::make_handler([](std::string&) {});
