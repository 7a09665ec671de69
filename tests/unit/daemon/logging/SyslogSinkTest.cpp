#include "changebank/daemon/logging/SyslogSink.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <regex>
#include <vector>

#include "tests/support/TemporaryFolder.h"

using changebank::FileDescriptor;
using changebank::tests::TemporaryFolder;
using namespace changebank::daemon;

namespace {

/// The system's log: a Unix socket in a folder of its own.
class Log {
public:
    explicit Log(int type)
        : _socket(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0)), _isStream(type == SOCK_STREAM) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(_path.begin(), _path.end(), address.sun_path);
        BOOST_REQUIRE(::bind(_socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) ==
                      0);
        if (_isStream) BOOST_REQUIRE(::listen(_socket.get(), 8) == 0);
    }

    const std::string& path() const { return _path; }

    std::string take() {
        if (_isStream && !_connection)
            _connection = FileDescriptor(::accept(_socket.get(), nullptr, nullptr));
        std::string text(4096, '\0');
        const auto length =
            ::recv(_connection ? _connection.get() : _socket.get(), text.data(), text.size(), 0);
        text.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
        return text;
    }

private:
    TemporaryFolder _folder;
    std::string _path = _folder.file("log");
    FileDescriptor _socket;
    FileDescriptor _connection;
    bool _isStream;
};

LineSink::Written write(SyslogSink& sink, const std::string& text,
                        Poco::Message::Priority priority = Poco::Message::PRIO_WARNING) {
    const std::vector<LogLine> lines{{text, priority}};
    return sink.write(lines);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SyslogSinkTest)

BOOST_AUTO_TEST_CASE(aLineHasItsPriorityAndComesFromTheDaemon) {
    Log log(SOCK_DGRAM);
    SyslogSink sink(log.path());
    BOOST_TEST(write(sink, "100 %s").error == 0);
    const std::regex expected("<28>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} changebankd\\[" +
                              std::to_string(::getpid()) + "\\]: 100 %s");
    const auto text = log.take();
    BOOST_TEST(std::regex_match(text, expected), text);
    // There is nothing below debug.
    BOOST_TEST(write(sink, "trace", Poco::Message::PRIO_TRACE).error == 0);
    BOOST_TEST(log.take().starts_with("<31>"));
}

BOOST_AUTO_TEST_CASE(inAStreamALineEndsWithNul) {
    Log log(SOCK_STREAM);
    SyslogSink sink(log.path());
    BOOST_TEST(write(sink, "line").error == 0);
    BOOST_TEST(log.take().ends_with(std::string("line\0", 5)));
}

BOOST_AUTO_TEST_CASE(aLineThatNobodyTakesIsNotWritten) {
    const TemporaryFolder folder;
    SyslogSink sink(folder.file("log"));
    const auto written = write(sink, "lost");
    BOOST_TEST(written.lines == 0U);
    BOOST_TEST(written.error == ENOENT);
    SyslogSink tooLong(folder.file(std::string(200, 'x')));
    BOOST_TEST(write(tooLong, "lost").error == ENAMETOOLONG);
}

BOOST_AUTO_TEST_CASE(aLogThatWasRestartedIsConnectedToAgain) {
    const TemporaryFolder folder;
    const auto path = folder.file("link");
    auto first = std::make_unique<Log>(SOCK_DGRAM);
    std::filesystem::create_symlink(first->path(), path);
    SyslogSink sink(path);
    BOOST_TEST(write(sink, "one").error == 0);
    first.reset();
    BOOST_TEST(write(sink, "lost").error == ENOENT);
    Log second(SOCK_DGRAM);
    std::filesystem::remove(path);
    std::filesystem::create_symlink(second.path(), path);
    BOOST_TEST(write(sink, "two").error == 0);
    BOOST_TEST(second.take().ends_with("two"));
}

BOOST_AUTO_TEST_SUITE_END()
