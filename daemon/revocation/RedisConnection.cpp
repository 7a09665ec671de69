#include "changebank/daemon/revocation/RedisConnection.h"

#include <Poco/Exception.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/system/ExceptionText.h"
#include "changebank/base/system/Uninterrupted.h"
#include "changebank/base/text/ForeignText.h"

namespace changebank::daemon {

namespace {

using Failure = RedisConnection::Failure;

const redisReplyObjectFunctions& standardFunctions() {
    static const redisReplyObjectFunctions functions = [] {
        const std::unique_ptr<redisReader, decltype(&::redisReaderFree)> reader(::redisReaderCreate(),
                                                                                &::redisReaderFree);
        if (!reader) throw std::bad_alloc();
        return *reader->fn;
    }();
    return functions;
}

/// In place of hiredis's, which makes room for as many elements as the server announces. The type of `count`
/// depends on the version.
template <typename Count>
void* createBoundedArray(const redisReadTask* task, Count count) {
    auto& elements = *static_cast<std::size_t*>(task->privdata);
    elements += static_cast<std::size_t>(count);
    if (elements > RedisConnection::maxAnswerElements) return nullptr;
    return standardFunctions().createArray(task, count);
}

/// What the first word of a server's error means; empty for others.
std::string_view meaningOf(std::string_view code) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 12> meanings{{
        {"NOAUTH", "it wants a password"},
        {"WRONGPASS", "it does not accept the user or the password"},
        {"NOPERM", "the user may not do this"},
        {"LOADING", "it is still loading its data"},
        {"READONLY", "it is a replica that cannot be written to"},
        {"MASTERDOWN", "it is a replica that has lost its primary"},
        {"WRONGTYPE", "the key holds something else"},
        {"OOM", "it has no memory left"},
        {"NOREPLICAS", "too few replicas follow it"},
        {"MISCONF", "it cannot write its data to the disk"},
        {"MOVED", "another server of its cluster holds the key"},
        {"ERR", ""},
    }};
    const auto* found = std::find_if(meanings.begin(), meanings.end(),
                                     [code](const auto& each) { return each.first == code; });
    return found == meanings.end() ? std::string_view() : found->second;
}

std::string_view codeOf(std::string_view error) {
    return error.substr(0, error.find(' '));
}

std::string_view errorOf(const redisReply& reply) {
    return {reply.str, reply.len};
}

Failure refusal(std::string_view error) {
    const auto meaning = meaningOf(codeOf(error));
    return {"the server refuses the command" + (meaning.empty() ? "" : ": " + std::string(meaning)) + " (" +
                inQuotes(error) + ")",
            oneLine(std::string(codeOf(error).substr(0, 32)))};
}

/// Without the server's words: some repeat the command's arguments.
Failure refusedPassword(std::string_view error) {
    const auto code = codeOf(error);
    if (code == "ERR") return {"the server refuses AUTH: it may have no password"};
    const auto meaning = meaningOf(code);
    return {"the server refuses AUTH" + (meaning.empty() ? "" : ": " + std::string(meaning))};
}

Failure systemFailure(int error = errno) {
    return {errnoText(error)};
}

}  // namespace

RedisConnection::RedisConnection(Options options, const std::stop_token& stopping)
    : _options(std::move(options)),
      _stopping(stopping),
      _wakeUp(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      _onStop(stopping, [this] { ::eventfd_write(_wakeUp.get(), 1); }) {
    if (!_wakeUp) throw std::system_error(errno, std::generic_category(), "eventfd");
}

std::optional<Failure> RedisConnection::open(Deadline deadline) {
    close();
    auto problem = connect(deadline);
    if (problem) problem->why = "cannot connect: " + problem->why;
    if (!problem) problem = authenticate(deadline);
    if (!problem) problem = chooseDatabase(deadline);
    if (problem) close();
    return problem;
}

void RedisConnection::close() {
    _socket.close();
    _tls.reset();
    _reader.reset();
    _outgoing.clear();
}

std::variant<RedisConnection::Reply, Failure> RedisConnection::send(const Command& command,
                                                                    Deadline deadline) {
    auto result = sendAll({command}, deadline);
    if (auto* failure = std::get_if<Failure>(&result)) return std::move(*failure);
    return std::move(std::get<std::vector<Reply>>(result).front());
}

std::variant<std::vector<RedisConnection::Reply>, Failure> RedisConnection::sendAll(
    const std::vector<Command>& commands, Deadline deadline) {
    auto result = exchange(commands, deadline);
    if (std::holds_alternative<Failure>(result)) {
        close();
        return result;
    }
    for (const auto& reply : std::get<std::vector<Reply>>(result))
        if (reply->type == REDIS_REPLY_ERROR) return refusal(errorOf(*reply));
    return result;
}

std::optional<Failure> RedisConnection::connect(Deadline deadline) {
    if (!makeReader()) return Failure{"out of memory"};
    const auto& address = _options.address;
    if (!address.isUnix()) {
        auto problem = connectToHost(deadline);
        return problem || !address.isSecure ? problem : startTls(deadline);
    }
    sockaddr_un path{};
    path.sun_family = AF_UNIX;
    if (address.host.size() >= sizeof(path.sun_path)) return Failure{"the path is too long"};
    std::copy(address.host.begin(), address.host.end(), path.sun_path);
    return connectTo(reinterpret_cast<const sockaddr*>(&path), sizeof(path), deadline);
}

std::optional<Failure> RedisConnection::connectToHost(Deadline deadline) {
    const HostLookup lookup(_options.address.host, _options.address.port);
    if (auto problem = wait(lookup.descriptor(), POLLIN, deadline)) return problem;
    const auto result = lookup.result();
    if (const auto* failure = std::get_if<HostLookup::Failure>(&result)) return Failure{failure->why};
    const auto& addresses = std::get<std::vector<HostLookup::Address>>(result);
    Problem problem;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        // One that does not answer leaves time for the others.
        const auto now = std::chrono::steady_clock::now();
        const auto share = (deadline - now) / static_cast<std::ptrdiff_t>(addresses.size() - i);
        const auto& address = addresses[i];
        problem = connectTo(reinterpret_cast<const sockaddr*>(&address.storage), address.size, now + share);
        if (!problem || _stopping.stop_requested()) break;
    }
    return problem;
}

std::optional<Failure> RedisConnection::connectTo(const sockaddr* address, socklen_t size,
                                                  Deadline deadline) {
    FileDescriptor socket(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return systemFailure();
    if (::connect(socket.get(), address, size) != 0) {
        // A Unix socket whose server takes no connections for now says EAGAIN.
        if (errno != EINPROGRESS) return systemFailure();
        if (auto problem = wait(socket.get(), POLLOUT, deadline)) return problem;
        int error = 0;
        socklen_t length = sizeof(error);
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
        if (error != 0) return systemFailure(error);
    }
    if (address->sa_family != AF_UNIX) {
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    _socket = std::move(socket);
    return std::nullopt;
}

std::optional<Failure> RedisConnection::startTls(Deadline deadline) {
    try {
        _tls = std::make_unique<TlsClient>(_options.address.host, _options.caFile);
    } catch (const Poco::Exception& error) {
        return Failure{exceptionText(error)};
    }
    while (true) {
        const auto why = _tls->handshake();
        _outgoing += _tls->toSend();
        if (why) {
            // The alert tells the server why; nobody waits for it.
            static_cast<void>(flush());
            return Failure{oneLine(*why)};
        }
        if (auto problem = flush()) return problem;
        if (_tls->isConnected()) return std::nullopt;
        if (auto problem = move(deadline)) return problem;
    }
}

std::optional<Failure> RedisConnection::authenticate(Deadline deadline) {
    if (_options.password.empty()) return std::nullopt;
    Command command{"AUTH"};
    if (!_options.user.empty()) command.push_back(_options.user);
    command.push_back(_options.password);
    auto result = exchange({command}, deadline);
    if (auto* failure = std::get_if<Failure>(&result)) return std::move(*failure);
    const auto& reply = *std::get<std::vector<Reply>>(result).front();
    if (reply.type != REDIS_REPLY_ERROR) return std::nullopt;
    return refusedPassword(errorOf(reply));
}

std::optional<Failure> RedisConnection::chooseDatabase(Deadline deadline) {
    if (_options.address.database == 0) return std::nullopt;
    auto result = send({"SELECT", std::to_string(_options.address.database)}, deadline);
    if (auto* failure = std::get_if<Failure>(&result)) return std::move(*failure);
    return std::nullopt;
}

std::variant<std::vector<RedisConnection::Reply>, Failure> RedisConnection::exchange(
    const std::vector<Command>& commands, Deadline deadline) {
    if (!isOpen()) return Failure{"not connected"};
    for (const auto& command : commands)
        if (auto problem = enqueue(command)) return std::move(*problem);
    std::vector<Reply> replies;
    while (replies.size() < commands.size()) {
        Reply reply;
        if (auto problem = nextReply(reply)) return std::move(*problem);
        if (reply) {
            replies.push_back(std::move(reply));
        } else if (auto problem = move(deadline)) {
            return std::move(*problem);
        }
    }
    if (_reader->pos < _reader->len) return Failure{"the server answers more than it was asked"};
    return replies;
}

std::optional<Failure> RedisConnection::enqueue(const Command& command) {
    std::vector<const char*> arguments;
    std::vector<std::size_t> sizes;
    for (const auto& argument : command) {
        arguments.push_back(argument.data());
        sizes.push_back(argument.size());
    }
    char* text = nullptr;
    const auto size =
        ::redisFormatCommandArgv(&text, static_cast<int>(command.size()), arguments.data(), sizes.data());
    const std::unique_ptr<char, decltype(&::redisFreeCommand)> owner(text, &::redisFreeCommand);
    if (size < 0) return Failure{"out of memory"};
    const std::string_view clear(text, static_cast<std::size_t>(size));
    if (!_tls) {
        _outgoing += clear;
        return std::nullopt;
    }
    if (!_tls->write(clear)) return Failure{"TLS failed"};
    _outgoing += _tls->toSend();
    return std::nullopt;
}

std::optional<Failure> RedisConnection::nextReply(Reply& reply) {
    void* read = nullptr;
    if (::redisReaderGetReply(_reader.get(), &read) != REDIS_OK) {
        if (_answerElements > maxAnswerElements)
            return Failure{"the answer has more than " + std::to_string(maxAnswerElements) + " elements"};
        return Failure{"the answer is not Redis's protocol: " +
                       oneLine(static_cast<const char*>(_reader->errstr))};
    }
    reply.reset(static_cast<redisReply*>(read));
    if (reply) {
        _answerSize = 0;
        _answerElements = 0;
    }
    return std::nullopt;
}

std::optional<Failure> RedisConnection::move(Deadline deadline) {
    if (auto problem = flush()) return problem;
    const auto events = static_cast<short>(_outgoing.empty() ? POLLIN : POLLIN | POLLOUT);
    if (auto problem = wait(_socket.get(), events, deadline)) return problem;
    return receive();
}

std::optional<Failure> RedisConnection::flush() {
    while (!_outgoing.empty()) {
        const auto sent = uninterrupted(
            [&] { return ::send(_socket.get(), _outgoing.data(), _outgoing.size(), MSG_NOSIGNAL); });
        if (sent < 0) {
            if (errno == EAGAIN) return std::nullopt;
            // A server that hangs up has often said why.
            if (errno != EPIPE && errno != ECONNRESET) return systemFailure();
            _outgoing.clear();
            return std::nullopt;
        }
        _outgoing.erase(0, static_cast<std::size_t>(sent));
    }
    return std::nullopt;
}

std::optional<Failure> RedisConnection::receive() {
    std::array<char, std::size_t{64} * 1024> part;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    const auto size = uninterrupted([&] { return ::recv(_socket.get(), part.data(), part.size(), 0); });
    if (size == 0) return Failure{"the server closed the connection"};
    if (size < 0) {
        if (errno == EAGAIN) return std::nullopt;
        return systemFailure();
    }
    const std::string_view wire(part.data(), static_cast<std::size_t>(size));
    if (!_tls) return feed(wire);
    if (!_tls->receive(wire)) return Failure{"out of memory"};
    if (!_tls->isConnected()) return std::nullopt;
    const auto clear = _tls->read();
    _outgoing += _tls->toSend();
    if (!clear) return Failure{"the server ended TLS"};
    return feed(*clear);
}

std::optional<Failure> RedisConnection::feed(std::string_view clear) {
    _answerSize += clear.size();
    if (_answerSize > maxAnswerSize)
        return Failure{"the answer is larger than " + std::to_string(maxAnswerSize) + " bytes"};
    if (::redisReaderFeed(_reader.get(), clear.data(), clear.size()) != REDIS_OK)
        return Failure{"out of memory"};
    return std::nullopt;
}

std::optional<Failure> RedisConnection::wait(int descriptor, short events, Deadline deadline) const {
    std::array<pollfd, 2> waits{{{descriptor, events, 0}, {_wakeUp.get(), POLLIN, 0}}};
    while (true) {
        const auto rest =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (rest.count() <= 0) return Failure{"no answer in time"};
        constexpr std::chrono::milliseconds longest = std::chrono::hours(1);
        const int ready =
            ::poll(waits.data(), waits.size(), static_cast<int>(std::min(rest, longest).count()));
        if (ready < 0 && errno != EINTR) return systemFailure();
        if (_stopping.stop_requested()) return Failure{"stopped"};
        if (ready > 0 && waits[0].revents != 0) return std::nullopt;
    }
}

bool RedisConnection::makeReader() {
    _functions = standardFunctions();
    _functions.createArray = &createBoundedArray;
    _reader.reset(::redisReaderCreate());
    if (!_reader) return false;
    _reader->fn = &_functions;
    _reader->privdata = &_answerElements;
    _answerSize = 0;
    _answerElements = 0;
    return true;
}

}  // namespace changebank::daemon
