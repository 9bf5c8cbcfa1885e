// The library, compiled once.
#include <sio/impl/sio.ipp>
