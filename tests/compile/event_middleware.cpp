// sio: a socket's middleware takes
#include <sio/convert.hpp>
#include <sio/middleware.hpp>

const sio::event_middleware check = sio::detail::make_event_middleware([](int) {});
