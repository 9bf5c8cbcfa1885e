// The random source and the ids made of it.
#include <sio/net/random.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <thread>
#include <vector>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace net = sio::net;

TEST_CASE("random bytes differ, and take all values") {
  std::array<unsigned char, 10'000> a{}, b{};
  net::secure_random(a.data(), a.size());
  for (unsigned char& c : b) net::secure_random(&c, 1);
  CHECK(a != b);
  for (const auto& bytes : {a, b}) CHECK(std::set<unsigned char>(bytes.begin(), bytes.end()).size() == 256);
}

TEST_CASE("any size can be asked for, and nothing beyond it is touched") {
  for (const std::size_t n : {0u, 1u, 255u, 256u, 257u, 5000u}) {
    std::vector<unsigned char> bytes(n + 1, 0xaa);
    net::secure_random(bytes.data(), n);
    CHECK(bytes[n] == 0xaa);
  }
}

TEST_CASE("an id is twenty characters that may stand in a URL, and comes once") {
  std::set<std::string> seen;
  for (int i = 0; i != 10'000; ++i) {
    const std::string id = net::random_id();
    REQUIRE(id.size() == 20);
    REQUIRE(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
            std::string::npos);
    REQUIRE(seen.insert(id).second);
  }
}

TEST_CASE("an id names its shard") {
  for (const unsigned shards : {1u, 2u, 3u, 4u, 7u, 64u, 1000u})
    for (unsigned shard = 0; shard != std::min(shards, 64u); ++shard) {
      const std::string id = net::random_id_for_shard(shard, shards);
      REQUIRE(id.size() == 20);
      REQUIRE(net::shard_of(id, shards) == shard);
    }
}

TEST_CASE("the shard's part of an id stays random") {
  std::set<std::string> tails;
  for (int i = 0; i != 1000; ++i) tails.insert(net::random_id_for_shard(1, 3).substr(16));
  CHECK(tails.size() > 990);
}

TEST_CASE("ids that we never gave out belong to the first shard") {
  for (const std::string id :
       {"", "short", "12345678901234567890x", "1234567890123456789/", "1234567890123456\xff\xff\xff\xff"})
    CHECK(net::shard_of(id, 4) == 0);
  CHECK(net::shard_of("AAAAAAAAAAAAAAAA____", 4) == 3);
  CHECK(net::shard_of("AAAAAAAAAAAAAAAA____", 0) == 0);
}

TEST_CASE("each thread draws its own bytes") {
  std::string a, b;
  std::thread one([&] { a = net::random_id(); }), two([&] { b = net::random_id(); });
  one.join();
  two.join();
  CHECK(a != b);
}

#if !defined(_WIN32)
TEST_CASE("after a fork, parent and child draw different bytes") {
  net::random_id();  // fills the pool that the child inherits
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const std::string id = net::random_id();
    ::_exit(::write(ends[1], id.data(), id.size()) == 20 ? 0 : 1);
  }
  const std::string ours = net::random_id();
  std::string theirs(20, '\0');
  CHECK(::read(ends[0], theirs.data(), theirs.size()) == 20);
  CHECK(ours != theirs);
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
}
#endif
