// sio: the receiver of a broadcast's answers takes
#define ASIO_STANDALONE
#include <sio/broadcast_answers.hpp>

const sio::answers_handler heard = sio::detail::make_answers_handler([](int, int, int) {});
