#include <sio/eio/outbox.hpp>

#include <support/catch.hpp>

#include <string>

using namespace sio::eio;

namespace {

void push(outbox& o, const std::string& text, keep how = keep::always) { o.push(encoded_packet(text), how); }

std::string drained(outbox& o) {
  std::string all;
  o.drain([&](const encoded_packet& p) { all.append(p.bytes()).append(" "); });
  return all;
}

}  // namespace

TEST_CASE("the oldest volatile event goes, with its attachments and nothing else") {
  outbox o;
  push(o, "a");
  push(o, "v1", keep::while_fresh);
  push(o, "v1.0", keep::with_last);
  push(o, "v1.1", keep::with_last);
  push(o, "b");
  push(o, "b.0", keep::with_last);
  push(o, "v2", keep::while_fresh);
  push(o, "c");
  CHECK(o.drop_oldest());
  CHECK(o.bytes() == 1 + 1 + 3 + 2 + 1);
  CHECK(o.drop_oldest());
  CHECK_FALSE(o.drop_oldest());
  CHECK(drained(o) == "a b b.0 c ");
  CHECK(o.bytes() == 0);
}

TEST_CASE("the volatile event that came last stays, whatever its size") {
  outbox o;
  push(o, "a");
  push(o, "v1", keep::while_fresh);
  push(o, "v1.0", keep::with_last);
  CHECK_FALSE(o.drop_oldest());
  push(o, "v2", keep::while_fresh);
  CHECK(o.drop_oldest());
  CHECK(drained(o) == "a v2 ");
}

TEST_CASE("an outbox with no volatile event drops none") {
  outbox o;
  CHECK_FALSE(o.drop_oldest());
  push(o, "a");
  push(o, "a.0", keep::with_last);
  push(o, "b");
  CHECK_FALSE(o.drop_oldest());
  CHECK(drained(o) == "a a.0 b ");
}
