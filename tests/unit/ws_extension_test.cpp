// Sec-WebSocket-Extensions: what is a list of extensions, and what is answered to offers of permessage-deflate.
#include <sio/ws/deflate_terms.hpp>
#include <sio/ws/handshake.hpp>

#include <support/catch.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ws = sio::ws;

namespace {

/// a;x=1;y -> "a x=1 y|", as it was understood.
std::string understood(std::string_view header) {
  ws::extension_reader reader(header);
  std::string out;
  while (const auto e = reader.next()) {
    out += e->name;
    for (const auto& p : e->parameters) out.append(" ").append(p.name).append(p.value ? "=" + *p.value : "");
    out += '|';
  }
  return reader.failed() ? "no list" : out;
}

std::string answer(std::string_view header, const ws::deflate_wishes& mine = {}) {
  const auto verdict = ws::judge_deflate_offers(header, mine);
  if (verdict.malformed) return "400";
  return verdict.agreement ? verdict.agreement->answer : "none";
}

ws::deflate_terms terms(std::string_view header, const ws::deflate_wishes& mine = {}) {
  return ws::judge_deflate_offers(header, mine).agreement.value().terms;
}

ws::deflate_wishes bits(std::optional<int> server, std::optional<int> client) { return {false, false, server, client}; }

const std::string pmd = "permessage-deflate";

}  // namespace

TEST_CASE("extensions are tokens with parameters, whose values are tokens, quoted or not") {
  CHECK(understood("a") == "a|");
  CHECK(understood("a,b , c") == "a|b|c|");
  CHECK(understood("a;x;y=1 ; z=\"2\"\t, b") == "a x y=1 z=2|b|");
  CHECK(understood(" a; x=\"1\\2\" ") == "a x=12|");
  CHECK(understood("a;x;x") == "a x x|");
}

TEST_CASE("what is no list of extensions is told from one") {
  for (const std::string_view bad :
       {"",       " ",       ",",         "a,",          ",a",          "a,,b",        "a;",
        ";a",     "a;;b",    "a;x=",      "a;=1",        "a;x =1",      "a;x= 1",      "a;x=\"\"",
        "a;x=\"", "a;x=\"1", "a;x=\"1\\", "a;x=\"1\\\"", "a;x=\"1 2\"", "a;x=\"1\"2",  "a b",
        "a;x y",  "a;x=1 2", "a/b",       "a;x=1=2",     "caf\xc3\xa9", "a;x=\"\\ \"", "a\r\nb"})
    CHECK(understood(bad) == "no list");
}

TEST_CASE("a long header costs no more than its length") {
  std::string parameters = pmd, offers = pmd + "; x=1";
  for (int i = 0; i != 10'000; ++i) parameters += "; server_no_context_takeover", offers += ", permessage-deflate; x";
  CHECK(answer(parameters) == "none");
  CHECK(answer(offers) == "none");
  CHECK(answer(offers + ", " + pmd) == pmd);
  CHECK(answer(pmd + std::string(60'000, ' ') + "x") == "400");
}

TEST_CASE("an offer is answered as the JS package ws does") {
  CHECK(answer(pmd) == pmd);
  CHECK(answer(pmd + "; client_max_window_bits") == pmd);
  CHECK(answer(pmd + ";client_max_window_bits=10") == pmd + "; client_max_window_bits=10");
  CHECK(answer(pmd + "; client_max_window_bits=\"10\"") == pmd + "; client_max_window_bits=10");
  CHECK(answer(pmd + "; server_max_window_bits=8; client_max_window_bits") == pmd + "; server_max_window_bits=8");
  CHECK(answer(pmd + "; client_no_context_takeover; server_no_context_takeover") ==
        pmd + "; client_no_context_takeover; server_no_context_takeover");
  CHECK(answer("x-other; a=1, " + pmd) == pmd);
}

TEST_CASE("of several offers the first that can be kept is answered") {
  CHECK(answer(pmd + "; unknown, " + pmd + "; server_no_context_takeover, " + pmd) ==
        pmd + "; server_no_context_takeover");
  CHECK(answer(pmd + ", " + pmd + "; client_max_window_bits", bits({}, 10)) == pmd + "; client_max_window_bits=10");
}

TEST_CASE("an offer with an unknown, doubled or wrong parameter is declined") {
  for (const std::string_view bad :
       {"x", "x=1", "server_no_context_takeover=1", "client_no_context_takeover=true", "server_max_window_bits",
        "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=010",
        "server_max_window_bits=99999999999999999999", "server_max_window_bits=0x8", "server_max_window_bits=-8",
        "client_max_window_bits=7", "client_max_window_bits=16", "client_max_window_bits=1e1",
        "Server_max_window_bits=8", "server_no_context_takeover; server_no_context_takeover",
        "client_no_context_takeover; client_no_context_takeover", "server_max_window_bits=9; server_max_window_bits=9",
        "client_max_window_bits; client_max_window_bits=9"})
    CHECK(answer(pmd + "; " + std::string(bad)) == "none");
  CHECK(answer("x-other") == "none");
  CHECK(answer("Permessage-Deflate") == "none");
}

TEST_CASE("the server's wishes come behind what was offered, or make it smaller") {
  const ws::deflate_wishes none{true, true, std::nullopt, std::nullopt};
  CHECK(answer(pmd, none) == pmd + "; server_no_context_takeover; client_no_context_takeover");
  CHECK(answer(pmd + "; client_no_context_takeover", none) ==
        pmd + "; client_no_context_takeover; server_no_context_takeover");
  CHECK(answer(pmd, bits(10, {})) == pmd + "; server_max_window_bits=10");
  CHECK(answer(pmd + "; server_max_window_bits=12", bits(10, {})) == pmd + "; server_max_window_bits=10");
  CHECK(answer(pmd + "; server_max_window_bits=9", bits(10, {})) == pmd + "; server_max_window_bits=9");
  CHECK(answer(pmd + "; client_max_window_bits", bits({}, 10)) == pmd + "; client_max_window_bits=10");
  CHECK(answer(pmd + "; client_max_window_bits=9", bits({}, 10)) == pmd + "; client_max_window_bits=9");
  CHECK(answer(pmd, bits({}, 10)) == "none");
}

TEST_CASE("the terms are what was answered") {
  const auto t = terms(pmd + "; server_no_context_takeover; client_max_window_bits", bits(9, 11));
  CHECK(t.server_no_context);
  CHECK_FALSE(t.client_no_context);
  CHECK(t.server_bits == 9);
  CHECK(t.client_bits == 11);
  CHECK(terms(pmd + "; client_max_window_bits").client_bits == 15);
  CHECK(terms(pmd).server_bits == 15);
}

TEST_CASE("a handshake answers extensions only where they are wanted, and refuses what is no list") {
  ws::upgrade_request request{"GET", "websocket", "dGhlIHNhbXBsZSBub25jZQ==", "13"};
  request.protocols = "chat";
  const std::string offer = pmd + "; client_max_window_bits";
  request.extensions = offer;
  const ws::deflate_wishes wishes;
  const auto agreed = ws::answer_upgrade(request, "X-Y: z\r\n", &wishes);
  CHECK(agreed.deflate);
  const std::string end = "Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\nX-Y: z\r\n\r\n";
  CHECK(agreed.bytes.substr(agreed.bytes.size() - end.size()) == end);

  request.extensions = "a,,b";
  CHECK(ws::answer_upgrade(request).accepted);
  const auto refused = ws::answer_upgrade(request, {}, &wishes);
  CHECK_FALSE(refused.accepted);
  CHECK(refused.bytes ==
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 55\r\n\r\n"
        "Invalid or unacceptable Sec-WebSocket-Extensions header");
}

TEST_CASE("a client offers what it wishes, in the order of the JS package ws") {
  CHECK(ws::deflate_offer({}) == pmd + "; client_max_window_bits");
  CHECK(ws::deflate_offer({true, true, 9, 10}) == pmd +
                                                      "; server_no_context_takeover; client_no_context_takeover; "
                                                      "server_max_window_bits=9; client_max_window_bits=10");
}

TEST_CASE("a client takes what answers its offer, and nothing else") {
  const auto agreed =
      ws::read_deflate_answer(pmd + "; server_no_context_takeover; client_max_window_bits=9", bits({}, 10));
  REQUIRE(agreed);
  CHECK(agreed->server_no_context);
  CHECK(agreed->client_bits == 9);
  CHECK(agreed->server_bits == 15);
  CHECK(ws::read_deflate_answer(pmd, bits({}, 10))->client_bits == 10);
  CHECK(ws::read_deflate_answer(pmd, {true, true, {}, {}})->client_no_context);
  for (const std::string_view bad :
       {"; x", "; client_max_window_bits", "; client_max_window_bits=11", "; server_max_window_bits=12",
        ", permessage-deflate", ", x", "; server_max_window_bits", "; a=", ";"})
    CHECK_FALSE(ws::read_deflate_answer(pmd + std::string(bad), bits(11, 10)));
  CHECK_FALSE(ws::read_deflate_answer("x-other", {}));
  CHECK_FALSE(ws::read_deflate_answer("", {}));
}
