// An HTTP client over streams in memory, and what came of its requests.
#pragma once

#include <sio/net/http_client.hpp>
#include <support/scripted_route.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace scripted {

inline std::string answer(const std::string& fields, const std::string& body) {
  return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline const std::string ok = answer({}, "ok");

struct http_stage : stage {
  explicit http_stage(fault how = {}, const sio::net::http_client_limits& limits = {}) : stage(how) {
    http = std::make_unique<sio::net::http_client>(loop, route(), "example.com:81", limits);
  }
  ~http_stage() { http.reset(); }

  std::shared_ptr<sio::net::exchange> send(sio::net::http_request what) {
    std::shared_ptr<sio::net::exchange> made;
    run([&] {
      made = http->send(std::move(what),
                        [this, keep = token](sio::net::http_answer a) { answers.push_back(std::move(a)); });
    });
    return made;
  }
  std::shared_ptr<sio::net::exchange> get() { return send({"GET", "/", {}, {}, {}}); }
  std::shared_ptr<sio::net::exchange> post(std::string body) { return send({"POST", "/", {}, std::move(body), {}}); }
  // Whether a report is still held.
  bool waits() const { return token.use_count() != 1; }
  // "200 ok" or "error: …" of the last answer.
  std::string last() const {
    if (answers.empty()) return {};
    const sio::net::http_answer& a = answers.back();
    return a.error.empty() ? std::to_string(a.status) + ' ' + a.body : "error: " + a.error;
  }

  std::unique_ptr<sio::net::http_client> http;
  std::vector<sio::net::http_answer> answers;
  std::shared_ptr<int> token = std::make_shared<int>();
};

}  // namespace scripted
