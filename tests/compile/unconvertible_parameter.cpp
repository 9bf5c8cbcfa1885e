// sio: this type cannot travel in an event: write SIO_FIELDS
#include <sio/handler.hpp>

struct point {
  int x, y;
};

const sio::handler on_move = sio::make_handler([](point) {});
