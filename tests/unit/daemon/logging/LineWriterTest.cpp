#include "changebank/daemon/logging/LineWriter.h"

#include <Poco/Exception.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <thread>

#include "changebank/base/system/FileDescriptor.h"
#include "tests/support/TemporaryFolder.h"

using changebank::FileDescriptor;
using changebank::daemon::LineWriter;
using changebank::tests::TemporaryFolder;

namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        BOOST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
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

}  // namespace

BOOST_AUTO_TEST_SUITE(LineWriterTest)

BOOST_AUTO_TEST_CASE(aLineEndsWithOneLineEnd) {
    const Pipe pipe;
    LineWriter writer;
    BOOST_TEST(writer.write(pipe.writing.get(), "one") == 0);
    BOOST_TEST(writer.write(pipe.writing.get(), "") == 0);
    BOOST_TEST(pipe.read() == "one\n\n");
}

BOOST_AUTO_TEST_CASE(afterATornLineTheNextStartsOnANewLine) {
    const Pipe pipe;
    LineWriter writer;
    // More than the pipe takes, and nobody reads: a part is written.
    BOOST_TEST(writer.write(pipe.writing.get(), std::string(1 << 20, 'x')) == EAGAIN);
    const auto part = pipe.read();
    BOOST_TEST(!part.empty());
    BOOST_TEST(part.back() == 'x');
    BOOST_TEST(writer.write(pipe.writing.get(), "next") == 0);
    BOOST_TEST(pipe.read() == "\nnext\n");
    BOOST_TEST(writer.write(pipe.writing.get(), "more") == 0);
    BOOST_TEST(pipe.read() == "more\n");
}

BOOST_AUTO_TEST_CASE(aReaderThatKeepsUpGetsALongLineWhole) {
    const Pipe pipe;
    std::string got;
    std::jthread reader([&] {
        while (got.size() <= 1 << 20)
            got += pipe.read();
    });
    LineWriter writer;
    BOOST_TEST(writer.write(pipe.writing.get(), std::string(1 << 20, 'x')) == 0);
    reader.join();
    BOOST_TEST((got == std::string(1 << 20, 'x') + "\n"));
}

BOOST_AUTO_TEST_CASE(errorsAreReturned) {
    LineWriter writer;
    BOOST_TEST(writer.write(-1, "lost") == EBADF);
    const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    BOOST_TEST(writer.write(full.get(), "lost") == ENOSPC);
}

BOOST_AUTO_TEST_CASE(aPipeThatNobodyReadsCannotBeOpenedAndHoldsNobodyUp) {
    const TemporaryFolder folder;
    const auto path = folder.file("pipe");
    BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    BOOST_CHECK_THROW(LineWriter::openToAppend(path), Poco::OpenFileException);
    const FileDescriptor reading(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    BOOST_TEST(LineWriter::openToAppend(path).get() >= 0);
}

BOOST_AUTO_TEST_SUITE_END()
