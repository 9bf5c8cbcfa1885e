// sio: emit_with_ack takes a completion token as its last argument
#define ASIO_STANDALONE
#include <sio/socket.hpp>

void ask(const sio::socket& s) { s.emit_with_ack<int>("question", 6, 7); }
