// Files below a path: what is served, and that no way leads out of the directory.
#include <sio/server/files.hpp>
#include <support/catch.hpp>
#include <support/temp_dir.hpp>

using namespace sio;

namespace {

// secret.txt lies beside the directory that is served.
struct site {
  test::temp_dir dir;
  site() {
    dir.write("secret.txt", "secret");
    dir.write("public/index.html", "<p>home</p>");
    dir.write("public/a b.txt", "blank");
    dir.write("public/.hidden", "hidden");
    dir.write("public/.git/config", "hidden");
    dir.write("public/sub/index.html", "<p>sub</p>");
    dir.write("public/bare/x.js", "1");
    dir.write("public/empty.css", "");
  }
  srv::file_mount mount(std::string prefix = "/") const { return {std::move(prefix), dir.path / "public"}; }
};

response get(const srv::file_mount& mount, std::string url, headers fields = {}, std::string method = "GET") {
  request asked;
  asked.method = std::move(method);
  asked.url = std::move(url);
  asked.path = http::percent_decode(http::split_target(asked.url).path);
  asked.headers = std::move(fields);
  return mount.answer(asked);
}

}  // namespace

TEST_CASE("a file is served with what caches need", "[files]") {
  const site s;
  const response got = get(s.mount(), "/index.html?x=y");
  CHECK(got.status == 200);
  CHECK(got.body == "<p>home</p>");
  CHECK(got.headers["Content-Type"] == "text/html; charset=utf-8");
  CHECK(got.headers["Cache-Control"] == "public, max-age=0");
  CHECK(got.headers["ETag"].substr(0, 4) == "\"11-");
  CHECK(got.headers["Last-Modified"].size() == 29);
  CHECK(get(s.mount(), "/empty.css").status == 200);
  CHECK(get(s.mount(), "/a%20b.txt").body == "blank");
}

TEST_CASE("the time of a file is told to the second", "[files]") {
  const site s;
  std::filesystem::last_write_time(s.dir.path / "public/index.html", std::filesystem::file_time_type::clock::now());
  const std::time_t now = std::time(nullptr);
  const auto state = srv::disk::look_at(s.dir.path / "public/index.html");
  REQUIRE(state);
  CHECK(state->modified >= now - 2);
  CHECK(state->modified <= now + 1);
}

TEST_CASE("who has the file already gets 304", "[files]") {
  const site s;
  const std::string tag(get(s.mount(), "/index.html").headers["ETag"]);
  for (const std::string& known : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    const response got = get(s.mount(), "/index.html", {{"If-None-Match", known}});
    CHECK(got.status == 304);
    CHECK(got.body.empty());
    CHECK(got.headers["ETag"] == tag);
  }
  CHECK(get(s.mount(), "/index.html", {{"If-None-Match", "\"x\""}}).status == 200);
}

TEST_CASE("a directory is its index, once its slash is there", "[files]") {
  const site s;
  CHECK(get(s.mount(), "/").body == "<p>home</p>");
  CHECK(get(s.mount(), "/sub/").body == "<p>sub</p>");
  CHECK(get(s.mount(), "/sub?x=1").status == 301);
  CHECK(get(s.mount(), "/sub?x=1").headers["Location"] == "/sub/?x=1");
  CHECK(get(s.mount("/static"), "/static").headers["Location"] == "/static/");
  CHECK(get(s.mount("/static/"), "/static/sub").headers["Location"] == "/static/sub/");
  CHECK(get(s.mount(), "/bare/").status == 404);
  CHECK(get(s.mount(), "/index.html/").status == 404);
}

TEST_CASE("a redirect never leads to another host", "[files]") {
  const site s;
  for (const char* url : {"//sub", "//evil.com/%2e%2e", "/%2fsub", "/\\sub"}) CHECK(get(s.mount(), url).status == 404);
}

TEST_CASE("a prefix covers itself and what is below it", "[files]") {
  const site s;
  const auto mount = s.mount("static");
  CHECK(mount.covers("/static"));
  CHECK(mount.covers("/static/"));
  CHECK(mount.covers("/static/a"));
  CHECK(!mount.covers("/staticx"));
  CHECK(!mount.covers("/"));
  CHECK(!mount.covers(""));
  CHECK(!s.mount().covers(""));
  CHECK(s.mount().covers("/"));
  CHECK(get(mount, "/index.html").status == 404);
}

TEST_CASE("no way leads out of the directory", "[files]") {
  const site s;
  const std::string outside = (s.dir.path / "secret.txt").string();
  for (const std::string& url : {std::string("/../secret.txt"),
                                 std::string("/sub/../../secret.txt"),
                                 std::string("/%2e%2e/secret.txt"),
                                 std::string("/..%2fsecret.txt"),
                                 std::string("/..%5csecret.txt"),
                                 std::string("/%2e%2e%2fsecret.txt"),
                                 std::string("/sub/%2e%2e%5c..%5csecret.txt"),
                                 std::string("/.%2e/secret.txt"),
                                 "/" + outside,
                                 "/%2f" + outside,
                                 std::string("/index.html%00.txt"),
                                 std::string("/./index.html"),
                                 std::string("/sub/./index.html"),
                                 std::string("/sub//index.html"),
                                 std::string("/c:/index.html"),
                                 std::string("/index.html::$DATA"),
                                 std::string("/index.html."),
                                 std::string("/index.html%20"),
                                 std::string("/..."),
                                 std::string("/%c0%ae%c0%ae/x"),
                                 std::string("/..;/secret.txt"),
                                 "/" + std::string(5000, 'a')}) {
    INFO(url);
    CHECK(get(s.mount(), url).status == 404);
  }
}

TEST_CASE("what is hidden stays hidden", "[files]") {
  const site s;
  CHECK(get(s.mount(), "/.hidden").status == 404);
  CHECK(get(s.mount(), "/.git/config").status == 404);
  CHECK(get(s.mount(), "/%2ehidden").status == 404);
}

#if !defined(_WIN32)
TEST_CASE("a link inside is followed, a link that leads outside is not", "[files]") {
  const site s;
  std::filesystem::create_symlink("../secret.txt", s.dir.path / "public/out.txt");
  std::filesystem::create_symlink("index.html", s.dir.path / "public/in.html");
  std::filesystem::create_directory_symlink("..", s.dir.path / "public/up");
  std::filesystem::create_symlink("../../secret.txt", s.dir.path / "public/bare/index.html");
  std::filesystem::create_symlink("loop", s.dir.path / "public/loop");
  CHECK(get(s.mount(), "/in.html").body == "<p>home</p>");
  for (const char* url : {"/out.txt", "/up/secret.txt", "/up/", "/up", "/bare/", "/loop"})
    CHECK(get(s.mount(), url).status == 404);
}
#endif

TEST_CASE("only GET and HEAD are answered with files", "[files]") {
  const site s;
  CHECK(get(s.mount(), "/", {}, "HEAD").body == "<p>home</p>");
  const response got = get(s.mount(), "/", {}, "POST");
  CHECK(got.status == 405);
  CHECK(got.headers["Allow"] == "GET, HEAD");
}

TEST_CASE("a file too large to be read as a whole is refused", "[files]") {
  const site s;
  s.dir.write("public/large.bin", "");
  std::filesystem::resize_file(s.dir.path / "public/large.bin", srv::file_mount::max_file_size + 1);
  CHECK(get(s.mount(), "/large.bin").status == 500);
}

TEST_CASE("a directory that is not there is refused with one sentence", "[files]") {
  const site s;
  CHECK_THROWS_AS(srv::file_mount("/", s.dir.path / "none"), std::invalid_argument);
  CHECK_THROWS_WITH(srv::file_mount("/", "secret.none"),
                    "cannot serve files from \"secret.none\": there is no such directory");
  CHECK_THROWS_AS(srv::file_mount("/", s.dir.path / "secret.txt"), std::invalid_argument);
}
