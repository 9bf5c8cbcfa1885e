// sio: this type cannot travel in an event: write SIO_FIELDS
#include <sio/convert.hpp>

struct point {
  int x, y;
};

const sio::array arguments = sio::pack_array("move", point{1, 2});
