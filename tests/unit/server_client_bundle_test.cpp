// The JS client's files: their headers as measured, their version, and the sentence where they are missing.
#include <sio/server/client_bundle.hpp>
#include <support/catch.hpp>
#include <support/temp_dir.hpp>

using namespace sio;

namespace {

request asking(headers fields = {}) {
  request out;
  out.method = "GET";
  out.headers = std::move(fields);
  return out;
}

}  // namespace

TEST_CASE("the eight files are known and no other", "[client_bundle]") {
  for (const char* name : {"socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js"}) {
    CHECK(srv::client_bundle::knows(name));
    CHECK(srv::client_bundle::knows(std::string(name) + ".map"));
  }
  for (const char* name :
       {"", "socket.io.msgpack.js", "socket.io.esm.js", "package.json", "../package.json", "socket.io.js/"})
    CHECK(!srv::client_bundle::knows(name));
  CHECK(!srv::client_bundle("x").answer("socket.io.msgpack.js", asking()));
}

TEST_CASE("a file has the headers of the JS server", "[client_bundle]") {
  const test::temp_dir dir;
  dir.write("package.json", "{\n  \"name\": \"socket.io-client\",\n  \"version\": \"4.8.4\"\n}");
  dir.write("dist/socket.io.min.js", "/*!\n * Socket.IO v1.2.3\n */code");
  dir.write("dist/socket.io.min.js.map", "{}");
  const srv::client_bundle bundle(dir.path / "dist");
  const auto script = bundle.answer("socket.io.min.js", asking());
  REQUIRE(script);
  CHECK(script->status == 200);
  CHECK(script->body == "/*!\n * Socket.IO v1.2.3\n */code");
  REQUIRE(script->headers.size() == (http::compressor::available ? 4 : 3));
  CHECK(script->headers["Cache-Control"] == "public, max-age=0");
  CHECK(script->headers["Content-Type"] == "application/javascript; charset=utf-8");
  CHECK(script->headers["ETag"] == "\"4.8.4\"");
  CHECK(bundle.answer("socket.io.min.js.map", asking())->headers["Content-Type"] == "application/json; charset=utf-8");
}

TEST_CASE("who takes gzip gets the file in gzip", "[client_bundle]") {
  if (!http::compressor::available) return;
  const test::temp_dir dir;
  const std::string text(5000, 'x');
  dir.write("dist/socket.io.js", text);
  const srv::client_bundle bundle(dir.path / "dist");
  const auto small = bundle.answer("socket.io.js", asking({{"Accept-Encoding", "br, gzip"}}));
  CHECK(small->headers["Content-Encoding"] == "gzip");
  CHECK(small->headers["Vary"] == "Accept-Encoding");
  CHECK(small->body.substr(0, 2) == "\x1f\x8b");
  CHECK(small->body.size() < 100);
  CHECK(bundle.answer("socket.io.js", asking({{"Accept-Encoding", "gzip;q=1, *;q=0"}}))->body == small->body);
  for (const char* other : {"", "br", "deflate", "gzip;q=0, *", "identity"}) {
    const auto plain = bundle.answer("socket.io.js", asking({{"Accept-Encoding", other}}));
    CHECK(plain->headers.find("Content-Encoding") == nullptr);
    CHECK(plain->headers["Vary"] == "Accept-Encoding");
    CHECK(plain->body == text);
  }
}

TEST_CASE("who has this version gets 304 without headers", "[client_bundle]") {
  const test::temp_dir dir;
  dir.write("package.json", "{\"version\":\"4.8.4\"}");
  dir.write("dist/socket.io.js", "code");
  const srv::client_bundle bundle(dir.path / "dist");
  for (const char* known : {"\"4.8.4\"", "W/\"4.8.4\""}) {
    const auto got = bundle.answer("socket.io.js", asking({{"if-none-match", known}}));
    CHECK(got->status == 304);
    CHECK(got->headers.empty());
    CHECK(got->body.empty());
  }
  CHECK(bundle.answer("socket.io.js", asking({{"if-none-match", "\"4.8.3\""}}))->status == 200);
  CHECK(bundle.answer("socket.io.js.map", asking({{"if-none-match", "\"4.8.4\""}}))->status == 404);
}

TEST_CASE("without a package.json the banner tells the version", "[client_bundle]") {
  const test::temp_dir dir;
  dir.write("dist/socket.io.esm.min.js", "/*!\n * Socket.IO v4.7.0\n * (c) 2014\n */code");
  CHECK(srv::client_bundle(dir.path / "dist").answer("socket.io.esm.min.js", asking())->headers["ETag"] == "\"4.7.0\"");
  const test::temp_dir bare;
  bare.write("dist/socket.io.js", "code");
  CHECK(!srv::client_bundle(bare.path / "dist").answer("socket.io.js", asking())->headers.find("ETag"));
}

TEST_CASE("a version cannot split a header", "[client_bundle]") {
  const test::temp_dir dir;
  dir.write("package.json", "{\"version\":\"4.8\\r\\nEvil: 1\"}");
  dir.write("dist/socket.io.js", "code");
  CHECK(srv::client_bundle(dir.path / "dist").answer("socket.io.js", asking())->headers["ETag"] == "\"4.8\"");
}

TEST_CASE("a file is read once and kept", "[client_bundle]") {
  const test::temp_dir dir;
  dir.write("dist/socket.io.js", "first");
  const srv::client_bundle bundle(dir.path / "dist");
  const srv::client_bundle copy = bundle;
  CHECK(bundle.answer("socket.io.js", asking())->body == "first");
  dir.write("dist/socket.io.js", "second");
  CHECK(copy.answer("socket.io.js", asking())->body == "first");
}

TEST_CASE("where the files are missing the answer says how to get them", "[client_bundle]") {
  const auto got = srv::client_bundle("no-such-directory").answer("socket.io.js", asking());
  REQUIRE(got);
  CHECK(got->status == 404);
  CHECK(got->headers["Content-Type"] == "text/plain; charset=utf-8");
  CHECK(got->body.find("npm install socket.io-client") != std::string::npos);
  CHECK(got->body.find("client_dir") != std::string::npos);
  CHECK(got->body.find("SIO_CLIENT_DIR") != std::string::npos);
}
