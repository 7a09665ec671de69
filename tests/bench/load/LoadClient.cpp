#include "tests/bench/load/LoadClient.h"

#include <Poco/Exception.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <deque>
#include <memory>
#include <string_view>

namespace changebank::bench {

namespace {

using Time = std::chrono::steady_clock::time_point;

/// One connection, and the answer that it waits for.
struct Connection {
    int socket = -1;
    std::string received;
    Time due;
    bool waits = false;
};

/// The octets of the answer at the front of `text`, or 0 while it is not whole. Content-Length is expected.
std::size_t answerSize(std::string_view text) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    constexpr std::string_view field = "\r\ncontent-length: ";
    const auto head = text.substr(0, end + 2);
    const auto found = std::search(head.begin(), head.end(), field.begin(), field.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
    std::size_t length = 0;
    if (found != head.end()) std::from_chars(&*found + field.size(), head.data() + head.size(), length);
    const auto size = end + 4 + length;
    return text.size() >= size ? size : 0;
}

int statusOf(std::string_view answer) {
    int status = 0;
    if (answer.size() > 12) std::from_chars(answer.data() + 9, answer.data() + 12, status);
    return status;
}

class Run {
public:
    Run(const LoadClient::Options& options, const std::vector<std::string>& requests)
        : _options(options),
          _requests(requests),
          _epoll(::epoll_create1(EPOLL_CLOEXEC)),
          _connections(options.connections) {
        if (_epoll < 0) throw Poco::SystemException("epoll", errno);
        for (auto& connection : _connections)
            open(connection);
    }

    ~Run() {
        for (const auto& connection : _connections)
            ::close(connection.socket);
        ::close(_epoll);
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    LoadResult run() {
        _begun = std::chrono::steady_clock::now();
        const auto end = _begun + _options.duration;
        for (auto& connection : _connections)
            becomeFree(connection, _begun);
        auto now = _begun;
        while (now < end && !isDone()) {
            wait(now, end);
            now = std::chrono::steady_clock::now();
            sendDue(now);
        }
        _result.seconds = std::chrono::duration<double>(now - _begun).count();
        return _result;
    }

private:
    bool isOpenLoop() const { return _options.rate > 0; }
    bool isUsedUp() const { return _options.once && _sent == _requests.size(); }

    bool isDone() const {
        if (_options.most > 0 && _result.answers >= _options.most) return true;
        return isUsedUp() && _result.answers + _result.failures >= _requests.size();
    }

    void open(Connection& connection) {
        connection = Connection{};
        connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(_options.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connection.socket < 0 ||
            ::connect(connection.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            throw Poco::SystemException("cannot connect to port " + std::to_string(_options.port), errno);
        }
        const int on = 1;
        ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &connection;
        ::epoll_ctl(_epoll, EPOLL_CTL_ADD, connection.socket, &event);
    }

    void becomeFree(Connection& connection, Time now) {
        if (isOpenLoop()) {
            _free.push_back(&connection);
        } else if (!isUsedUp()) {
            send(connection, now);
        }
    }

    Time dueTime(std::uint64_t number) const {
        return _begun + std::chrono::nanoseconds(
                            static_cast<std::int64_t>(static_cast<double>(number) / _options.rate * 1e9));
    }

    void sendDue(Time now) {
        while (isOpenLoop() && !isUsedUp() && !_free.empty() && dueTime(_sent) <= now) {
            auto* connection = _free.front();
            _free.pop_front();
            send(*connection, dueTime(_sent));
        }
    }

    void send(Connection& connection, Time due) {
        const auto& request = _requests[_sent++ % _requests.size()];
        connection.due = due;
        connection.waits = true;
        if (::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request.size())) {
            fail(connection);
        }
    }

    void wait(Time now, Time end) {
        auto until = std::min(end, now + std::chrono::milliseconds(100));
        if (isOpenLoop() && !isUsedUp() && !_free.empty())
            until = std::min(until, std::max(now, dueTime(_sent)));
        const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(until - now).count();
        const timespec timeout{left / 1'000'000'000, left % 1'000'000'000};
        std::array<epoll_event, 256> events;
        const int count =
            ::epoll_pwait2(_epoll, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
        for (int i = 0; i < count; ++i)
            receive(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    }

    void receive(Connection& connection) {
        const auto got = ::recv(connection.socket, _buffer.data(), _buffer.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) return fail(connection);
        std::string_view text(_buffer.data(), static_cast<std::size_t>(got));
        if (!connection.received.empty()) text = connection.received.append(text);
        const auto size = answerSize(text);
        if (size == 0) {
            if (connection.received.empty()) connection.received = text;
            return;
        }
        const auto now = std::chrono::steady_clock::now();
        ++_result.answers;
        if (statusOf(text) != _options.expectedStatus) ++_result.unexpected;
        _result.latency.record(static_cast<std::uint64_t>((now - connection.due).count()));
        connection.received.clear();
        connection.waits = false;
        becomeFree(connection, now);
    }

    void fail(Connection& connection) {
        ++_result.failures;
        const bool waited = connection.waits;
        ::close(connection.socket);
        open(connection);
        if (waited) becomeFree(connection, std::chrono::steady_clock::now());
    }

    const LoadClient::Options& _options;
    const std::vector<std::string>& _requests;
    const int _epoll;
    std::vector<Connection> _connections;
    std::deque<Connection*> _free;
    std::array<char, 64 * 1024> _buffer;
    std::uint64_t _sent = 0;
    Time _begun;
    LoadResult _result;
};

}  // namespace

LoadClient::LoadClient(Options options, std::vector<std::string> requests)
    : _options(options), _requests(std::move(requests)) {}

LoadResult LoadClient::run() {
    // Large for a stack.
    return std::make_unique<Run>(_options, _requests)->run();
}

}  // namespace changebank::bench
