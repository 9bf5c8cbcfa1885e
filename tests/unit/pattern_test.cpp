// Patterns for names: a star, its bounds, and names that are not nice.
#include <sio/pattern.hpp>
#include <support/catch.hpp>

#include <string>

using sio::pattern;

TEST_CASE("a star stands for any characters but a slash") {
  const pattern p("/room-*");
  CHECK(p.matches("/room-1"));
  CHECK(p.matches("/room-"));
  CHECK(p.matches("/room-a*b"));
  CHECK_FALSE(p.matches("/room-1/2"));
  CHECK_FALSE(p.matches("/room"));
  CHECK_FALSE(p.matches("room-1"));
  CHECK_FALSE(p.matches("/x/room-1"));
  CHECK_FALSE(p.matches(""));
}

TEST_CASE("a pattern without a slash at its begin gets one, as names do") {
  CHECK(pattern("room-*").matches("/room-1"));
  CHECK(pattern("").matches("/"));
  CHECK(pattern("*").matches("/x"));
  CHECK(pattern("*").text() == "/*");
}

TEST_CASE("stars in the middle, several, and next to each other") {
  CHECK(pattern("/*/chat").matches("/a/chat"));
  CHECK_FALSE(pattern("/*/chat").matches("/a/b/chat"));
  CHECK(pattern("/*/*").matches("/a/b"));
  CHECK_FALSE(pattern("/*/*").matches("/a"));
  CHECK(pattern("/a*b*c").matches("/abbcbc"));
  CHECK_FALSE(pattern("/a*b*c").matches("/abbcb"));
  CHECK(pattern("/a**").matches("/a"));
  CHECK(pattern("/a**b").matches("/axb"));
  CHECK(pattern("/*a/b").matches("/aa/b"));
  CHECK_FALSE(pattern("/*a*").matches("/b/a"));
}

TEST_CASE("all other characters stand for themselves") {
  CHECK(pattern("/a.b?c[d]\\e").matches("/a.b?c[d]\\e"));
  CHECK_FALSE(pattern("/a.b").matches("/axb"));
  CHECK(pattern("/__proto__").matches("/__proto__"));
  CHECK(pattern(std::string("/a\0*", 4)).matches(std::string("/a\0b", 4)));
  CHECK_FALSE(pattern("/a").matches(std::string("/a\0", 3)));
  CHECK(pattern("/日*語").matches("/日本語"));
}

TEST_CASE("a long name of the wrong kind is found out at once") {
  const std::string many(1 << 20, 'a');
  CHECK_FALSE(pattern("/*a*a*a*a*a*a*a*a*b").matches("/" + many));
  CHECK(pattern("/*a*a*a*a*a*a*a*a*b").matches("/" + many + "b"));
}

TEST_CASE("patterns say what a plain, slow matcher says") {
  struct slow {
    static bool matches(std::string_view text, std::string_view name) {
      if (text.empty()) return name.empty();
      if (text[0] == '*')
        return matches(text.substr(1), name) || (!name.empty() && name[0] != '/' && matches(text, name.substr(1)));
      return !name.empty() && name[0] == text[0] && matches(text.substr(1), name.substr(1));
    }
  };
  constexpr std::string_view letters = "ab/*";
  const auto text = [&](unsigned seed, int length) {
    std::string out = "/";
    for (; length-- > 0; seed /= 4) out += letters[seed % 4];
    return out;
  };
  unsigned long differences = 0;
  for (unsigned p = 0; p != 1024; ++p)
    for (unsigned n = 0; n != 1024; ++n)
      if (pattern(text(p, 5)).matches(text(n, 5)) != slow::matches(text(p, 5), text(n, 5))) ++differences;
  CHECK(differences == 0);
}
