// A file in pieces: `upload FILE [URL]`, to upload_server. Each piece leaves when the one before was acknowledged, so
// that neither side holds more than one; the answer says where to go on, also after a broken connection.
#include <sio/sio.hpp>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <future>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

class upload {
 public:
  upload(const std::string& file, std::string_view url) : name_(file), file_(file, std::ios::binary), io_(url) {
    io_.on("connect_error", [](std::string why) { std::cerr << why << std::endl; });
    io_.connect();
    send_from(0);
  }

  // Waits for the end: an empty text is success.
  std::string why_not() { return outcome_.get_future().get(); }

 private:
  // ["piece", "photo.jpg", 65536, <bytes>] is answered by the offset that is wanted next. No bytes: that was all.
  void send_from(std::uint64_t offset) {
    std::string piece = read(offset);
    const bool last = piece.empty();
    io_.timeout(30s).emit("piece", name_, offset, sio::binary(std::move(piece)),
                          [this, offset, last](sio::error_code ec, std::uint64_t wanted) {
                            if (ec == sio::errc::disconnected)
                              return send_from(offset);  // waits for the next connection
                            if (ec || last) return outcome_.set_value(ec ? ec.message() : "");
                            send_from(wanted);
                          });
  }

  std::string read(std::uint64_t offset) {
    std::string piece(64 * 1024, '\0');
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(file_.gcount()));
    return piece;
  }

  std::string name_;
  std::ifstream file_;
  std::promise<std::string> outcome_;
  sio::client io_;  // the last, so it goes first: from then on no handler runs
};

int main(int argc, char** argv) {
  if (argc < 2) return std::cerr << "usage: upload FILE [URL]\n", 2;
  upload one(argv[1], argc > 2 ? argv[2] : "http://localhost:3000");
  const std::string why_not = one.why_not();
  std::cout << (why_not.empty() ? "done" : why_not) << std::endl;
  return why_not.empty() ? 0 : 1;
}
