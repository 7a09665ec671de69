#include "changebank/daemon/logging/LineWriter.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <csignal>
#include <thread>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"
#include "tests/support/FileContent.h"
#include "tests/support/ResourceLimit.h"
#include "tests/support/TemporaryFolder.h"

using changebank::FileDescriptor;
using namespace changebank::daemon;
using changebank::tests::contentOf;
using changebank::tests::ResourceLimit;
using changebank::tests::TemporaryFolder;

namespace {

struct Pipe {
    explicit Pipe(int flags = 0) {
        std::array<int, 2> ends{};
        BOOST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK | flags) == 0);
        reading = FileDescriptor(ends[0]);
        writing = FileDescriptor(ends[1]);
    }

    std::string read() const {
        std::string text(1 << 20, '\0');
        const auto length = ::read(reading.get(), text.data(), text.size());
        text.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
        return text;
    }

    FileDescriptor reading;
    FileDescriptor writing;
};

/// Writes lines to a file of at most `limit` bytes.
LineSink::Written writeLimited(LineWriter& writer, int file, rlim_t limit,
                               const std::vector<LogLine>& lines) {
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    LineSink::Written written;
    {
        const ResourceLimit limited(RLIMIT_FSIZE, limit);
        written = writer.write(file, lines);
    }
    std::signal(SIGXFSZ, handler);
    return written;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LineWriterTest)

BOOST_AUTO_TEST_CASE(eachLineEndsWithOneLineEnd) {
    const Pipe pipe;
    LineWriter writer;
    const std::vector<LogLine> lines{{"one"}, {""}, {"two"}};
    const auto written = writer.write(pipe.writing.get(), lines);
    BOOST_TEST(written.lines == 3U);
    BOOST_TEST(written.error == 0);
    BOOST_TEST(pipe.read() == "one\n\ntwo\n");
}

BOOST_AUTO_TEST_CASE(severalLinesAreOneSystemCallThatAPipeTakesAsAWhole) {
    // A pipe of packets (pipe(2), O_DIRECT) keeps calls apart.
    const Pipe pipe(O_DIRECT);
    LineWriter writer;
    const std::vector<LogLine> lines(50, {std::string(99, 'x')});
    BOOST_TEST(writer.write(pipe.writing.get(), lines).lines == 50U);
    BOOST_TEST(pipe.read().size() == 4000U);
    BOOST_TEST(pipe.read().size() == 1000U);
}

BOOST_AUTO_TEST_CASE(afterATornLineTheNextStartsOnANewLine) {
    const TemporaryFolder folder;
    const auto path = folder.file("log");
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    LineWriter writer;
    const auto written = writeLimited(writer, file.get(), 6, {{"one"}, {"two"}, {"three"}});
    BOOST_TEST(written.lines == 1U);
    BOOST_TEST(written.error == EFBIG);
    BOOST_TEST(contentOf(path) == "one\ntw");
    // Nothing of this one is written, so that the torn line is still the last.
    BOOST_TEST(writeLimited(writer, file.get(), 6, {{"four"}}).lines == 0U);
    const std::vector<LogLine> lines{{"five"}, {"six"}};
    BOOST_TEST(writer.write(file.get(), lines).lines == 2U);
    BOOST_TEST(contentOf(path) == "one\ntw\nfive\nsix\n");
}

BOOST_AUTO_TEST_CASE(aReaderThatKeepsUpGetsALongLineWhole) {
    const Pipe pipe;
    std::string got;
    std::jthread reader([&] {
        while (got.size() <= 1 << 20)
            got += pipe.read();
    });
    LineWriter writer;
    const std::vector<LogLine> lines{{std::string(1 << 20, 'x')}};
    BOOST_TEST(writer.write(pipe.writing.get(), lines).error == 0);
    reader.join();
    BOOST_TEST((got == std::string(1 << 20, 'x') + "\n"));
}

BOOST_AUTO_TEST_CASE(errorsAreReturned) {
    LineWriter writer;
    const std::vector<LogLine> lines{{"lost"}};
    BOOST_TEST(writer.write(-1, lines).error == EBADF);
    const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    BOOST_TEST(writer.write(full.get(), lines).error == ENOSPC);
}

BOOST_AUTO_TEST_SUITE_END()
