// sio: a handler must be a callable whose parameter types can be deduced: write them out, not auto
#include <sio/handler.hpp>

const sio::handler on_move = sio::make_handler(42);
