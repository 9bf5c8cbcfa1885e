// sio: a middleware returns nothing: it goes on, or it throws, or it calls next
#include <sio/convert.hpp>
#include <sio/middleware.hpp>

const sio::event_middleware check =
    sio::detail::make_event_middleware([](const std::string&, sio::array&, sio::next) { return true; });
