#include "crawler/engine/control_socket.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <exception>
#include <set>
#include <thread>
#include <utility>

namespace vellum::engine {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::local::stream_protocol;
using boost::system::error_code;

namespace {

constexpr std::size_t kMostLine = 64u << 10, kMostClients = 16;
constexpr std::size_t kMostAnswer = 16u << 20;
constexpr auto kPatience = std::chrono::minutes(5);
constexpr auto kSilence = std::chrono::seconds(60), kWrite = std::chrono::seconds(10);

// A name for the socket that fits into sun_path: its own, or one through a descriptor of its folder.
class SocketName {
 public:
  static Result<SocketName> of(const fs::path& archive) {
    SocketName name;
    name.text_ = (archive / kSocketName).string();
    if (name.text_.size() < sizeof(sockaddr_un::sun_path)) return name;
    name.folder_ = ::open(archive.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (name.folder_ < 0) return fail(ErrorKind::kNotFound, "cannot open folder " + archive.string(), errno);
    name.text_ = "/proc/self/fd/" + std::to_string(name.folder_) + "/" + kSocketName;
    return name;
  }
  SocketName(SocketName&& other) noexcept : text_(std::move(other.text_)), folder_(std::exchange(other.folder_, -1)) {}
  SocketName& operator=(SocketName&&) = delete;
  ~SocketName() {
    if (folder_ >= 0) ::close(folder_);
  }
  const std::string& text() const { return text_; }

 private:
  SocketName() = default;
  std::string text_;
  int folder_ = -1;
};

ErrorKind kind_of(const std::string& word) {
  for (int kind = 1; kind <= static_cast<int>(ErrorKind::kBug); ++kind) {
    if (name_of(static_cast<ErrorKind>(kind)) == word) return static_cast<ErrorKind>(kind);
  }
  return ErrorKind::kBug;
}

std::string error_line(const Error& error) {
  return to_line(Json{{"error", error.message}, {"kind", name_of(error.kind)}}) + "\n";
}

std::string lines_of(const Result<std::vector<Json>>& answer) {
  if (!answer) return error_line(answer.error());
  std::string lines;
  for (const Json& row : *answer) lines += to_line(Json{{"row", row}}) + "\n";
  return lines + "{\"done\":true}\n";
}

}  // namespace

struct ControlSocket::Impl {
  Impl(Control& c, SocketName n) : control(c), name(std::move(n)), acceptor(io) {}

  // One client. Its deadline is a timer that closes the socket: reads and writes then end with an error.
  struct Client {
    explicit Client(asio::io_context& io) : socket(io), deadline(io) {}
    void limit(std::chrono::seconds time) {
      deadline.expires_after(time);
      deadline.async_wait([this](error_code error) {
        if (!error) close();
      });
    }
    void close() {
      error_code ignored;
      socket.close(ignored);
    }
    stream_protocol::socket socket;
    asio::steady_timer deadline;
  };

  Result<void> listen(const fs::path& shown) {
    struct stat info {};
    if (::lstat(name.text().c_str(), &info) == 0) {
      if (!S_ISSOCK(info.st_mode))
        return fail(ErrorKind::kInvalid, (shown / kSocketName).string() + " is in the way: it is no socket; move it");
      ::unlink(name.text().c_str());
    }
    error_code bad;
    acceptor.open(stream_protocol(), bad);
    // Nobody can connect between bind and listen: nobody sees it with another mode.
    if (!bad) acceptor.bind(stream_protocol::endpoint(name.text()), bad);
    if (!bad && ::chmod(name.text().c_str(), 0600) != 0) bad = error_code(errno, boost::system::system_category());
    if (!bad) acceptor.listen(asio::socket_base::max_listen_connections, bad);
    if (!bad) return {};
    return fail(ErrorKind::kStorage, "cannot listen on " + (shown / kSocketName).string() + ": " + bad.message(),
                bad.value());
  }

  asio::awaitable<void> accept() {
    while (!ending) {
      auto client = std::make_shared<Client>(io);
      error_code error;
      co_await acceptor.async_accept(client->socket, asio::redirect_error(asio::use_awaitable, error));
      if (ending || error == asio::error::operation_aborted) co_return;
      if (error) {  // no descriptor left, say: try again in a while
        pause.expires_after(std::chrono::milliseconds(100));
        error_code ignored;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        continue;
      }
      if (clients.size() >= kMostClients) continue;  // closed: it may come again
      clients.insert(client);
      asio::co_spawn(io, serve(client), asio::detached);
    }
  }

  asio::awaitable<void> serve(std::shared_ptr<Client> client) {
    std::string buffer;
    bool open = true;
    while (open && !ending) open = co_await answer_one(*client, buffer);
    client->deadline.cancel();
    client->close();
    clients.erase(client);
  }

  // False when the client is done with.
  asio::awaitable<bool> answer_one(Client& client, std::string& buffer) {
    client.limit(kSilence);
    error_code error;
    auto into = asio::dynamic_buffer(buffer, kMostLine);
    const std::size_t size =
        co_await asio::async_read_until(client.socket, into, '\n', asio::redirect_error(asio::use_awaitable, error));
    std::string reply;
    const bool too_long = error == asio::error::not_found;
    if (too_long) {
      reply = error_line(Error{ErrorKind::kInvalid, "a command has at most 65536 bytes", 0});
    } else if (error) {
      co_return false;
    } else {
      const std::string line = buffer.substr(0, size - 1);
      buffer.erase(0, size);
      reply = co_await execute(client, line);
    }
    client.limit(kWrite);
    co_await asio::async_write(client.socket, asio::buffer(reply), asio::redirect_error(asio::use_awaitable, error));
    co_return !error && !too_long;
  }

  asio::awaitable<std::string> execute(Client& client, std::string line) {
    Result<Json> command = parse_json(line);
    if (!command) co_return error_line(Error{ErrorKind::kInvalid, "not a command: " + command.error().message, 0});
    client.deadline.cancel();
    const Result<std::vector<Json>> answer = co_await control.execute(*std::move(command));
    co_return lines_of(answer);
  }

  void end() {
    ending = true;
    error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    for (const auto& client : clients) client->close();
  }

  Control& control;
  SocketName name;
  asio::io_context io{1};
  stream_protocol::acceptor acceptor;
  asio::steady_timer pause{io};
  std::set<std::shared_ptr<Client>> clients;
  bool ending = false;
  std::thread thread;
};

ControlSocket::ControlSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(const fs::path& archive, Control& control) {
  VELLUM_TRY(SocketName name, SocketName::of(archive));
  auto impl = std::make_unique<Impl>(control, std::move(name));
  VELLUM_CHECK(impl->listen(archive));
  asio::co_spawn(impl->io, impl->accept(), asio::detached);
  impl->thread = std::thread([at = impl.get()] { at->io.run(); });
  return std::unique_ptr<ControlSocket>(new ControlSocket(std::move(impl)));
}

ControlSocket::~ControlSocket() {
  impl_->control.stop();
  asio::post(impl_->io, [this] { impl_->end(); });
  impl_->thread.join();
  ::unlink(impl_->name.text().c_str());
}

namespace {

// The next line of the answer. Read asynchronously, for only that can be given up.
Result<std::string> read_line(asio::io_context& io, stream_protocol::socket& socket, std::string& buffer) {
  std::optional<error_code> outcome;
  std::size_t size = 0;
  asio::async_read_until(socket, asio::dynamic_buffer(buffer, kMostAnswer), '\n',
                         [&](error_code error, std::size_t read) {
                           outcome = error;
                           size = read;
                         });
  io.restart();
  io.run_for(kPatience);
  if (!outcome) {
    socket.close();
    io.run();
    return fail(ErrorKind::kTimeout, "the program that holds the archive does not answer");
  }
  if (*outcome) return fail(ErrorKind::kNotFound, "the program that holds the archive hung up: " + outcome->message());
  std::string line = buffer.substr(0, size - 1);
  buffer.erase(0, size);
  return line;
}

// Rows until the last line, or the error that it says.
Result<std::vector<Json>> read_answer(asio::io_context& io, stream_protocol::socket& socket) {
  std::vector<Json> rows;
  std::string buffer;
  for (;;) {
    VELLUM_TRY(const std::string text, read_line(io, socket, buffer));
    VELLUM_TRY(const Json line, parse_json(text));
    if (line.contains("row")) rows.push_back(line["row"]);
    if (line.contains("error")) return fail(kind_of(text_of(line, "kind")), text_of(line, "error"));
    if (line.contains("done")) return rows;
  }
}

}  // namespace

Result<std::vector<Json>> send_command(const fs::path& archive, const Json& command) {
  VELLUM_TRY(const SocketName name, SocketName::of(archive));
  asio::io_context io;
  stream_protocol::socket socket(io);
  error_code error;
  socket.connect(stream_protocol::endpoint(name.text()), error);
  if (error) return fail(ErrorKind::kNotFound, "no program listens in " + archive.string(), error.value());
  asio::write(socket, asio::buffer(to_line(command) + "\n"), error);
  if (error) return fail(ErrorKind::kNotFound, "the program that holds the archive hung up: " + error.message());
  return read_answer(io, socket);
}

}  // namespace vellum::engine
