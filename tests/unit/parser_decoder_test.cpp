// Socket.IO packets as they arrive: what the JS decoder makes of each text, and where we are stricter.
#include <sio/json/writer.hpp>
#include <sio/parser/decoder.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <support/catch.hpp>
#include <vector>

namespace parser = sio::parser;
using parser::decoder;
using parser::decoder_limits;
using parser::packet;

namespace {

constexpr const char* waiting = "(waiting binary)";

// {"type":2,"nsp":"/","id":12,"data":["a"]}, as JSON.stringify prints the packet of the JS decoder.
std::string print(const packet& p) {
  std::string out = "{\"type\":" + std::to_string(static_cast<int>(p.type)) + ",\"nsp\":";
  sio::json::write_string(out, p.nsp);
  if (p.id) out += ",\"id\":" + std::to_string(*p.id);
  if (p.data) sio::json::write(out += ",\"data\":", *p.data);
  return out + '}';
}

std::string add(decoder& d, std::string_view message, bool binary) {
  const std::vector<char> exact(message.begin(), message.end());  // so that a read past its end is seen
  if (const std::optional<packet> p = d.add({exact.data(), exact.size()}, binary)) return print(*p);
  return d.failed() ? "THROW " + std::string(d.error()) : waiting;
}

std::string decode(std::string_view text, const decoder_limits& limits = {}) {
  decoder d(limits);
  return add(d, text, false);
}

// A text and then attachments, until a packet or an error.
std::string decode(std::string_view text, const std::vector<std::string>& attachments) {
  decoder d;
  std::string out = add(d, text, false);
  for (const std::string& a : attachments) {
    if (out != waiting) return out;
    out = add(d, a, true);
  }
  return out;
}

struct row {
  std::string_view text;
  std::string_view result;
};

template <std::size_t N>
void check(const row (&rows)[N]) {
  for (const row& r : rows) {
    INFO(r.text);
    CHECK(decode(r.text) == r.result);
  }
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  while (times-- != 0) out += part;
  return out;
}

}  // namespace

TEST_CASE("packets are read as the JS decoder reads them") {
  check({
      {"0", R"({"type":0,"nsp":"/"})"},
      {"0/admin", R"({"type":0,"nsp":"/admin"})"},
      {"0/admin,", R"({"type":0,"nsp":"/admin"})"},
      {R"(0/admin?token=1,{"a":1})", R"({"type":0,"nsp":"/admin?token=1","data":{"a":1}})"},
      {"1", R"({"type":1,"nsp":"/"})"},
      {"1/admin,", R"({"type":1,"nsp":"/admin"})"},
      {R"(2["foo"])", R"({"type":2,"nsp":"/","data":["foo"]})"},
      {"2[1]", R"({"type":2,"nsp":"/","data":[1]})"},
      {"2[1,2]", R"({"type":2,"nsp":"/","data":[1,2]})"},
      {R"(2[5,"a"])", R"({"type":2,"nsp":"/","data":[5,"a"]})"},
      {R"(212["a"])", R"({"type":2,"nsp":"/","id":12,"data":["a"]})"},
      {R"(2/admin,12["a"])", R"({"type":2,"nsp":"/admin","id":12,"data":["a"]})"},
      {"2/admin", R"({"type":2,"nsp":"/admin"})"},
      {"2", R"({"type":2,"nsp":"/"})"},
      {"3", R"({"type":3,"nsp":"/"})"},
      {"31", R"({"type":3,"nsp":"/","id":1})"},
      {"31[]", R"({"type":3,"nsp":"/","id":1,"data":[]})"},
      {R"(3["a"])", R"({"type":3,"nsp":"/","data":["a"]})"},
      {R"(4"x")", R"({"type":4,"nsp":"/","data":"x"})"},
      {R"(4{"message":"m"})", R"({"type":4,"nsp":"/","data":{"message":"m"}})"},
      {R"(200012["a"])", R"({"type":2,"nsp":"/","id":12,"data":["a"]})"},
      {R"(2["a"] )", R"({"type":2,"nsp":"/","data":["a"]})"},
      {"2[0e308]", R"({"type":2,"nsp":"/","data":[0]})"},  // undefined behaviour in RapidJSON 1.1.0
      {R"(2/,["a"])", R"({"type":2,"nsp":"/","data":["a"]})"},
      {R"(29007199254740991["a"])", R"({"type":2,"nsp":"/","id":9007199254740991,"data":["a"]})"},
  });
}

TEST_CASE("only six names are reserved") {
  for (const std::string name :
       {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}) {
    CHECK(parser::reserved_event(name));
    CHECK(decode("2[\"" + name + "\"]") == "THROW invalid payload");
    CHECK(decode("51-[\"" + name + "\"]") == "THROW invalid payload");
  }
  check({
      {R"(2["error"])", R"({"type":2,"nsp":"/","data":["error"]})"},
      {R"(2["Connect"])", R"({"type":2,"nsp":"/","data":["Connect"]})"},
      {R"(2[""])", R"({"type":2,"nsp":"/","data":[""]})"},
      {R"(2["__proto__"])", R"({"type":2,"nsp":"/","data":["__proto__"]})"},
      {R"(2["toString"])", R"({"type":2,"nsp":"/","data":["toString"]})"},
      {R"(2["a",{"__proto__":{"x":1}}])", R"({"type":2,"nsp":"/","data":["a",{"__proto__":{"x":1}}]})"},
  });
}

TEST_CASE("a payload that does not fit its type is refused") {
  for (const std::string_view text :
       {"0[]",         "0\"a\"",      "0null",      "1{}",          "1/a,[]", "2[]",     "2[null]",
        "2[true]",     "2[[]]",       "2{}",        "2\"x\"",       "2null",  "2[\"a\"", "2[{\"toString\":\"foo\"}]",
        "2abc[\"x\"]", "21.5[\"a\"]", "2-1[\"a\"]", "2/a,b[\"x\"]", "31{}",   "3null",   "4[]",
        "4null",       "4 1",         "51-{}",      "61-{}"}) {
    INFO(text);
    CHECK(decode(text) == "THROW invalid payload");
  }
}

TEST_CASE("a number of attachments is one to max_attachments, in digits") {
  check({
      {"5", "THROW Illegal attachments"},
      {R"(5-["a"])", "THROW Illegal attachments"},
      {R"(50-["a"])", "THROW Illegal attachments"},
      {R"(51["a"])", "THROW Illegal attachments"},
      {R"(51.5-["a"])", "THROW Illegal attachments"},
      {R"(5-1-["a"])", "THROW Illegal attachments"},
      {R"(511-["a"])", "THROW too many attachments"},
      {R"(51000000-["a"])", "THROW too many attachments"},
      {R"(518446744073709551617-["a"])", "THROW too many attachments"},
      {R"(518446744073709551617["a"])", "THROW Illegal attachments"},
      {"61", "THROW Illegal attachments"},
      {"51-", waiting},
      {R"(510-["a"])", waiting},
      {R"(501-["a"])", waiting},
      {R"(51-["a",{"_placeholder":true,"num":0}])", waiting},
      {R"(51-/admin,12["a",{"_placeholder":true,"num":0}])", waiting},
      {R"(61-3[{"_placeholder":true,"num":0}])", waiting},
  });
}

TEST_CASE("a type that is none is refused") {
  check({
      {"7", "THROW unknown packet type 7"},
      {"8", "THROW unknown packet type 8"},
      {"9", "THROW unknown packet type 9"},
      {"a", "THROW unknown packet type NaN"},
      {"-1", "THROW unknown packet type NaN"},
      {"\xFF", "THROW unknown packet type NaN"},
  });
}

TEST_CASE("where the JS decoder is lax, ours is not") {
  check({
      {"", "THROW Unknown type: undefined"},  // JS: CONNECT, were its engine to let it through
      {" ", "THROW unknown packet type NaN"},
      {R"(29007199254740993["a"])", "THROW invalid payload"},  // JS: 9007199254740992
      {R"(29007199254740992["a"])", "THROW invalid payload"},
      {R"(218446744073709551617["a"])", "THROW invalid payload"},
      {R"(2 ["a"])", "THROW invalid payload"},  // JS: ack id 0
      {"2\t[\"a\"]", "THROW invalid payload"},
      {R"(21 ["a"])", "THROW invalid payload"},
      {R"(2/a, ["a"])", "THROW invalid payload"},
      {"2 ", "THROW invalid payload"},
      {R"(0 {"a":1})", "THROW invalid payload"},
      {R"(5 1-["a"])", "THROW Illegal attachments"},  // JS: 1
      {R"(51e0-["a"])", "THROW Illegal attachments"},
      {R"(50x1-["a"])", "THROW Illegal attachments"},
      {R"(5+1-["a"])", "THROW Illegal attachments"},
      {"0/\xFF", "THROW invalid namespace"},
  });
}

TEST_CASE("a namespace has a longest name") {
  decoder_limits limits;
  limits.max_nsp_length = 6;
  CHECK(decode("0/admin,", limits) == R"({"type":0,"nsp":"/admin"})");
  CHECK(decode("0/admins", limits) == "THROW invalid namespace");
  CHECK(decode("2/admins,[\"a\"]", limits) == "THROW invalid namespace");
  CHECK(decode("0/" + std::string(1023, 'x')).size() > 1024);
  CHECK(decode("0/" + std::string(1024, 'x')) == "THROW invalid namespace");
}

TEST_CASE("JSON may nest so deep and no deeper") {
  CHECK(decode("2[\"a\"," + repeated("[", 99) + repeated("]", 99) + "]").size() > 200);
  CHECK(decode("2[\"a\"," + repeated("[", 100) + repeated("]", 100) + "]") == "THROW invalid payload");
  CHECK(decode("2[\"a\"," + repeated("[", 100'000)) == "THROW invalid payload");
  CHECK(decode("0" + repeated("{\"a\":", 100'000)) == "THROW invalid payload");
}

TEST_CASE("placeholders are replaced by the attachments") {
  CHECK(decode(R"(51-["a",{"_placeholder":true,"num":0}])", {"\x01"}) ==
        R"({"type":2,"nsp":"/","data":["a",{"type":"Buffer","data":[1]}]})");
  CHECK(decode(R"(62-/x,3[{"b":[{"num":1,"_placeholder":true}]},{"_placeholder":true,"num":0}])", {"\x01", "\x02"}) ==
        R"({"type":3,"nsp":"/x","id":3,"data":[{"b":[{"type":"Buffer","data":[2]}]},{"type":"Buffer","data":[1]}]})");
  CHECK(decode(R"(52-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}])", {"\x01", "\x02"}) ==
        R"({"type":2,"nsp":"/","data":["a",{"type":"Buffer","data":[1]},{"type":"Buffer","data":[1]}]})");
  CHECK(decode(R"(51-["a",{"_placeholder":true,"num":0.0}])", {""}) ==
        R"({"type":2,"nsp":"/","data":["a",{"type":"Buffer","data":[]}]})");
  CHECK(decode(R"(51-["a",{"_placeholder":true,"num":-0}])", {""}) ==
        R"({"type":2,"nsp":"/","data":["a",{"type":"Buffer","data":[]}]})");
  CHECK(decode(R"(51-["a"])", {"\x01"}) == R"({"type":2,"nsp":"/","data":["a"]})");
  CHECK(decode("51-", {"\x01"}) == R"({"type":2,"nsp":"/"})");
  CHECK(decode("61-/x,7", {"\x01"}) == R"({"type":3,"nsp":"/x","id":7})");
}

TEST_CASE("only a placeholder is one") {
  CHECK(decode(R"(51-["a",{"_placeholder":false,"num":5}])", {"\x01"}) ==
        R"({"type":2,"nsp":"/","data":["a",{"_placeholder":false,"num":5}]})");
  CHECK(decode(R"(51-["a",{"_placeholder":1,"num":5}])", {"\x01"}) ==
        R"({"type":2,"nsp":"/","data":["a",{"_placeholder":1,"num":5}]})");
  CHECK(decode(R"(2["a",{"_placeholder":true,"num":5}])") ==
        R"({"type":2,"nsp":"/","data":["a",{"_placeholder":true,"num":5}]})");
}

TEST_CASE("a placeholder that names no attachment is found after the last one") {
  for (const std::string num :
       {"1", "-1", "0.5", "\"splice\"", "\"0\"", "null", "true", "[0]", "1e300", "-1e-9", "9223372036854775808"}) {
    INFO(num);
    const std::string text = R"(52-["a",{"x":{"_placeholder":true,"num":)" + (num == "1" ? "2" : num) + "}}]";
    CHECK(decode(text, std::vector<std::string>{"\x01"}) == waiting);
    CHECK(decode(text, {"\x01", "\x02"}) == "THROW illegal attachments");
  }
  CHECK(decode(R"(51-["a",{"_placeholder":true}])", {"\x01"}) == "THROW illegal attachments");
}

TEST_CASE("a wrong payload of a binary packet is found before its attachments") {
  CHECK(decode(R"(51-{"_placeholder":true,"num":0})") == "THROW invalid payload");
  CHECK(decode(R"(51-[{"_placeholder":true,"num":0}])") == "THROW invalid payload");
  CHECK(decode(R"(51-["a")") == "THROW invalid payload");
}

TEST_CASE("text and binary come in turn") {
  decoder lone;
  CHECK(add(lone, "\x01", true) == "THROW got binary data when not reconstructing a packet");
  decoder interrupted;
  CHECK(add(interrupted, R"(51-["a",{"_placeholder":true,"num":0}])", false) == waiting);
  CHECK(add(interrupted, R"(2["x"])", false) == "THROW got plaintext data when reconstructing a packet");
  decoder after;
  CHECK(add(after, R"(51-["a"])", false) == waiting);
  CHECK(add(after, "", true) == R"({"type":2,"nsp":"/","data":["a"]})");
  CHECK(add(after, R"(2["b"])", false) == R"({"type":2,"nsp":"/","data":["b"]})");
  CHECK(add(after, "", true) == "THROW got binary data when not reconstructing a packet");
}

TEST_CASE("a decoder's first error is its last") {
  decoder d;
  CHECK(add(d, "7", false) == "THROW unknown packet type 7");
  CHECK(add(d, R"(2["a"])", false) == "THROW unknown packet type 7");
  CHECK(add(d, "\x01", true) == "THROW unknown packet type 7");
  CHECK(d.failed());
}

TEST_CASE("an error frees the packet that was waiting") {
  decoder d;
  CHECK_FALSE(d.waiting());
  CHECK(add(d, R"(52-["a"])", false) == waiting);
  CHECK(d.waiting());
  CHECK(add(d, "\x01", true) == waiting);
  CHECK(add(d, "2", false) == "THROW got plaintext data when reconstructing a packet");
  CHECK_FALSE(d.waiting());
}

TEST_CASE("attachments are bounded together") {
  decoder_limits limits;
  limits.max_attachment_bytes = 5;
  decoder d(limits);
  for (int i = 0; i != 2; ++i) {  // counted anew for each packet
    CHECK(add(d, R"(52-["a"])", false) == waiting);
    CHECK(add(d, "123", true) == waiting);
    CHECK(add(d, "45", true) == R"({"type":2,"nsp":"/","data":["a"]})");
  }
  CHECK(add(d, R"(53-["a"])", false) == waiting);
  CHECK(add(d, "123", true) == waiting);
  CHECK(add(d, "456", true) == "THROW attachments too large");
  CHECK_FALSE(d.waiting());
}

TEST_CASE("every beginning of a packet is read without harm") {
  for (const std::string_view text : {R"(510-/admin,12["a",{"_placeholder":true,"num":0},[1,-2.5e3,"\u00e9",null]])",
                                      R"(0/chat?x=y,{"token":"1"})", R"(31234567890["a"])", "2/a,[\"\xE2\x82\xAC\"]"}) {
    for (std::size_t n = 0; n <= text.size(); ++n) {
      decoder d;
      add(d, text.substr(0, n), false);
      CHECK((d.failed() ? d.error() != "" : true));
    }
    CHECK(decode(text).substr(0, 5) != "THROW");
  }
}
