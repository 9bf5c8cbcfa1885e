// sio: a handler answers by its return value or by its sio::ack parameter, not both
#include <sio/handler.hpp>

const sio::handler on_sum = sio::make_handler([](int a, int b, sio::ack) { return a + b; });
