// An answer is given once.
#include <sio/ack.hpp>
#include <support/catch.hpp>

#include <memory>
#include <thread>

using namespace sio;

TEST_CASE("an empty ack answers nobody") {
  const ack none;
  none(1, "two");
  none.send({});
  CHECK_FALSE(none);
  CHECK_FALSE(ack(std::function<void(array)>()));
}

TEST_CASE("only the first call of all copies is sent") {
  std::vector<array> sent;
  const ack first([&](array a) { sent.push_back(std::move(a)); });
  const ack second = first;
  second("ok", 1);
  first("late");
  CHECK(sent == std::vector<array>{pack_array("ok", 1)});
  CHECK(first);
}

TEST_CASE("threads that answer at once send one answer") {
  std::atomic<int> sent{0};
  const ack done([&](array) { ++sent; });
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i) threads.emplace_back([done, i] { done(i); });
  for (std::thread& t : threads) t.join();
  CHECK(sent == 1);
}

TEST_CASE("an answer given lets go of what it held") {
  const auto held = std::make_shared<int>(1);
  const ack done([held](array) {});
  CHECK(held.use_count() == 2);
  done();
  CHECK(held.use_count() == 1);
}

TEST_CASE("an ack that answers from inside its own answer sends one answer") {
  int sent = 0;
  ack done;
  done = ack([&](array) {
    ++sent;
    done("again");
  });
  done();
  CHECK(sent == 1);
}

TEST_CASE("an ack that fails answers with an error, and its data if there is some") {
  std::vector<array> sent;
  const auto make = [&] { return ack([&](array a) { sent.push_back(std::move(a)); }); };
  make().fail("no");
  make().fail("no", 5);
  make().fail(ack_error("no"));
  CHECK(sent[0] == pack_array(object{{"error", "no"}}));
  CHECK(sent[1] == pack_array(object{{"error", "no"}, {"data", 5}}));
  CHECK(sent[2] == sent[0]);
  ack().fail("nobody");
}
