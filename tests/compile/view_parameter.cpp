// sio: take a std::string here: a view or a pointer would dangle
#include <sio/handler.hpp>

const sio::handler on_text = sio::make_handler([](std::string_view) {});
