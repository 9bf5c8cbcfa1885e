// sio connect: what is typed is sent, what comes is shown.
#pragma once

#include <atomic>
#include <chrono>
#include <istream>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "help.hpp"
#include "inbox.hpp"
#include "invocation.hpp"
#include "printer.hpp"
#include "setup.hpp"
#include "words.hpp"

namespace tool {

class session {
 public:
  session(const invocation& i, printer& out, std::shared_ptr<inbox> lines)
      : out_(out), inbox_(std::move(lines)), io_(url_of(i), options_of(i, std::chrono::seconds(2))) {
    watch_failures(io_, out_, *inbox_, i.reconnect);
    io_.on("connect", [this](sio::client me) {
      out_.state(me.recovered() ? "recovered" : "connected", {{"id", me.id()}, {"namespace", me.nsp()}});
      inbox_->wake();
    });
    io_.on("disconnect", [this, again = i.reconnect](std::string reason) {
      out_.state("disconnected", {{"reason", reason}});
      if (!again && reason != "io client disconnect") inbox_->end(network);
    });
    io_.on_any([this](std::string event, sio::array arguments, sio::ack asks) {
      if (asks) set_question(asks);
      out_.event(event, arguments, static_cast<bool>(asks));
    });
    io_.manager().on("upgrade", [this](std::string to) { out_.state("upgraded", {{"to", to}}); });
  }

  int run() {
    io_.connect();
    while (const std::optional<std::string> line = inbox_->next_line()) {
      try {
        if (!obey(split(*line))) return success;
      } catch (const std::exception& e) {
        out_.state("error", {{"message", e.what()}});
      }
    }
    if (const std::optional<int> code = inbox_->code()) return *code;
    return wait_for_answers();
  }

 private:
  // False: no more of it.
  bool obey(const std::vector<std::string>& words) {
    if (words.empty()) return true;
    const std::string& first = words[0];
    if (first == ".quit") return false;
    if (first == ".help") {
      out_.note(std::string(detail::about_connect));
    } else if (first == ".state") {
      tell_state();
    } else if (first == ".connect") {
      io_.connect();
    } else if (first == ".disconnect") {
      io_.disconnect();
    } else if (first == ".ack") {
      ask(to_event(words, 1));
    } else if (first == ".answer") {
      answer(words);
    } else if (first[0] == '.') {
      throw usage_error("there is no " + first + ": .help tells what there is");
    } else {
      const typed_event e = to_event(words);
      io_.emit_array(e.name, e.arguments);
    }
    return true;
  }

  void ask(typed_event e) {
    ++waiting_;
    const auto sent = inbox::clock::now();
    io_.emit_array(e.name, std::move(e.arguments), [this, name = e.name, sent](sio::error_code ec, sio::array answer) {
      using std::chrono::milliseconds;
      const auto took = std::chrono::duration_cast<milliseconds>(inbox::clock::now() - sent);
      ec ? out_.state("no answer", {{"event", name}, {"message", ec.message()}}) : out_.answer(name, answer, took);
      --waiting_;
      inbox_->wake();
    });
  }

  void answer(const std::vector<std::string>& words) {
    const sio::ack asked = take_question();
    if (!asked) throw usage_error("no event asks for an answer");
    sio::array values;
    for (std::size_t i = 1; i != words.size(); ++i) values.push_back(to_value(words[i]));
    asked.send(std::move(values));
  }

  void tell_state() {
    sio::object more{{"namespace", io_.nsp()}, {"waiting for answers", waiting_.load()}};
    if (io_.connected()) more.set("id", io_.id());
    out_.state(io_.connected() ? "connected" : io_.active() ? "connecting" : "disconnected", more);
  }

  // The input is over; what was typed is to arrive.
  int wait_for_answers() {
    const auto all_done = [this] { return waiting_ == 0 && (io_.connected() || !io_.active()); };
    const auto deadline = inbox::clock::now() + std::chrono::seconds(10);
    const int code = inbox_->wait_until_so(std::chrono::seconds(10), all_done, timed_out);
    return code == success && !let_it_arrive(io_, deadline) ? timed_out : code;
  }

  void set_question(sio::ack asked) {
    const std::lock_guard lock(mutex_);
    question_ = std::move(asked);
  }
  sio::ack take_question() {
    const std::lock_guard lock(mutex_);
    return std::exchange(question_, {});
  }

  printer& out_;
  std::shared_ptr<inbox> inbox_;
  std::atomic<int> waiting_{0};
  std::mutex mutex_;
  sio::ack question_;
  sio::client io_;  // the last: its handlers use the others until it is gone
};

inline int run_session(const invocation& i, printer& out, std::istream& typed) {
  const auto lines = std::make_shared<inbox>();
  session s(i, out, lines);
  read_lines(typed, lines);
  return s.run();
}

}  // namespace tool
