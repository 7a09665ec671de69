#include "changebank/daemon/revocation/RevocationFile.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <filesystem>

#include "tests/support/Contains.h"
#include "tests/support/FileContent.h"
#include "tests/support/FullDisk.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using changebank::daemon::RevocationFile;
using changebank::security::Revocation;
using changebank::tests::contentOf;
using changebank::tests::FullDisk;
using changebank::tests::has;
using changebank::tests::TemporaryFolder;

namespace {

std::atomic<bool> cannotTruncate{false};

Revocation ofUser(const std::string& user, std::int64_t issuedUpTo = 1'790'000'000) {
    return {.user = user, .issuedUpTo = issuedUpTo, .reason = "test"};
}

RevocationFile::Opened opened(const std::string& path) {
    auto result = RevocationFile::open(path);
    const auto* fault = std::get_if<RevocationFile::Fault>(&result);
    BOOST_REQUIRE_MESSAGE(!fault, (fault ? fault->why : ""));
    return std::get<RevocationFile::Opened>(std::move(result));
}

std::string faultOf(const std::string& path) {
    const auto result = RevocationFile::open(path);
    const auto* fault = std::get_if<RevocationFile::Fault>(&result);
    BOOST_REQUIRE(fault != nullptr);
    return fault->why;
}

void append(RevocationFile& file, const Revocation& revocation) {
    BOOST_TEST(file.append({revocation}).value_or("") == "");
}

std::string lineOf(const Revocation& revocation) {
    return revocation.toJson() + "\n";
}

unsigned modeOf(const std::string& path) {
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

}  // namespace

/// In the place of the C library's: fails where a test asks for it.
extern "C" int ftruncate(int file, off_t size) noexcept {
    if (cannotTruncate) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_ftruncate, file, size));
}

BOOST_AUTO_TEST_SUITE(RevocationFileTest)

BOOST_AUTO_TEST_CASE(whatWasAppendedIsThereAgain) {
    const TemporaryFolder folder;
    const auto path = folder.file("revocations");
    const std::vector<Revocation> all{ofUser("a"), ofUser("b\"\n", 5), {.session = "s", .issuedUpTo = 7}};
    {
        auto [file, revocations, note] = opened(path);
        BOOST_TEST(revocations.empty());
        BOOST_TEST(note == "");
        append(file, all[0]);
        append(file, {.application = "app", .tenant = "t", .issuedUpTo = 6});
        append(file, all[2]);
        BOOST_TEST(file.lines() == 3U);
    }
    auto [file, revocations, note] = opened(path);
    BOOST_REQUIRE(revocations.size() == 3U);
    BOOST_TEST((revocations[0] == all[0]));
    BOOST_TEST(revocations[1].tenant == "t");
    BOOST_TEST((revocations[2] == all[2]));
    BOOST_TEST(file.lines() == 3U);
    append(file, ofUser("d"));
    BOOST_TEST(file.lines() == 4U);
}

BOOST_AUTO_TEST_CASE(onlyTheOwnerMayReadIt) {
    const TemporaryFolder folder;
    const auto path = folder.write("revocations", "");
    std::filesystem::permissions(path, std::filesystem::perms(0644));
    auto before = opened(path);
    BOOST_TEST(modeOf(path) == 0600U);
    BOOST_TEST(!before.file.rewrite({ofUser("a")}).has_value());
    BOOST_TEST(modeOf(path) == 0600U);
    BOOST_TEST(modeOf(path + ".lock") == 0600U);
}

BOOST_AUTO_TEST_CASE(aTornLastLineIsCutOff) {
    const TemporaryFolder folder;
    const auto whole = lineOf(ofUser("a"));
    for (const auto& torn : {std::string("{"), lineOf(ofUser("b")).substr(0, 20), ofUser("b").toJson(),
                             std::string(100, '\0')}) {
        const auto path = folder.write("revocations", whole + torn);
        auto [file, revocations, note] = opened(path);
        BOOST_TEST(revocations.size() == 1U);
        BOOST_TEST(has(note, std::to_string(torn.size()) + " bytes"));
        append(file, ofUser("c"));
        BOOST_TEST(contentOf(path) == whole + lineOf(ofUser("c")));
    }
}

BOOST_AUTO_TEST_CASE(aDamagedLineIsAFaultWithItsNumber) {
    const TemporaryFolder folder;
    const auto good = lineOf(ofUser("a"));
    for (const std::string damaged : {"{\"user\":\"b\"\n", "\n", "{}\n", "{\"issuedUpTo\":1}\n"}) {
        const auto content = good + good + damaged + good;
        const auto path = folder.write("revocations", content);
        const auto why = faultOf(path);
        BOOST_TEST(why.rfind(path + ":3: ", 0) == 0U);
        BOOST_TEST(contentOf(path) == content);
    }
}

BOOST_AUTO_TEST_CASE(anotherFileIsNotCutOff) {
    const TemporaryFolder folder;
    for (const auto& content : {std::string("precious"), "{" + std::string(20'000, 'x')}) {
        const auto path = folder.write("revocations", content);
        BOOST_TEST(has(faultOf(path), path + ":1: "));
        BOOST_TEST(contentOf(path) == content);
    }
}

BOOST_AUTO_TEST_CASE(whatIsNoFileOfOursIsAFault) {
    const TemporaryFolder folder;
    const auto target = folder.write("target", "precious");
    std::filesystem::create_symlink(target, folder.file("link"));
    BOOST_TEST(has(faultOf(folder.file("link")), "link: "));
    BOOST_TEST(has(faultOf(folder.file("missing/file")), "No such file"));
    BOOST_REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
    BOOST_TEST(has(faultOf(folder.file("pipe")), "not a regular file"));
}

BOOST_AUTO_TEST_CASE(aSecondOpenerIsRefusedAlsoAfterARewrite) {
    const TemporaryFolder folder;
    const auto path = folder.file("revocations");
    {
        auto first = opened(path);
        BOOST_TEST(has(faultOf(path), "another process"));
        BOOST_TEST(!first.file.rewrite({ofUser("a")}).has_value());
        BOOST_TEST(has(faultOf(path), "another process"));
    }
    BOOST_TEST(opened(path).revocations.size() == 1U);
}

BOOST_AUTO_TEST_CASE(aRewriteReplacesTheContent) {
    const TemporaryFolder folder;
    const auto path = folder.file("revocations");
    auto file = opened(path).file;
    for (int i = 0; i < 5; ++i)
        append(file, ofUser("old" + std::to_string(i)));
    BOOST_TEST(!file.rewrite({ofUser("kept")}).has_value());
    BOOST_TEST(file.lines() == 1U);
    append(file, ofUser("new"));
    BOOST_TEST(file.lines() == 2U);
    BOOST_TEST(contentOf(path) == lineOf(ofUser("kept")) + lineOf(ofUser("new")));
}

BOOST_AUTO_TEST_CASE(aFullDiskIsSaidAndLeavesWholeLines) {
    const TemporaryFolder folder;
    const auto path = folder.file("revocations");
    auto file = opened(path).file;
    append(file, ofUser("a"));
    const auto before = contentOf(path);
    {
        // There is room for a part of the line.
        const FullDisk full(before.size() + 10);
        const auto why = file.append({ofUser("b")});
        BOOST_REQUIRE(why.has_value());
        BOOST_TEST(why->rfind(path + ": ", 0) == 0U);
        BOOST_TEST(contentOf(path) == before);
        BOOST_TEST(file.rewrite({ofUser(std::string(200, 'x')), ofUser("y")}).has_value());
        BOOST_TEST(contentOf(path) == before);
    }
    BOOST_TEST(file.lines() == 1U);
    append(file, ofUser("c"));
    BOOST_TEST(contentOf(path) == before + lineOf(ofUser("c")));
}

BOOST_AUTO_TEST_CASE(nothingIsAppendedToATailThatCannotBeCutOff) {
    const TemporaryFolder folder;
    const auto path = folder.file("revocations");
    auto file = opened(path).file;
    append(file, ofUser("a"));
    {
        const FullDisk full(contentOf(path).size() + 10);
        cannotTruncate = true;
        const auto why = file.append({ofUser("b")});
        cannotTruncate = false;
        BOOST_REQUIRE(why.has_value());
        BOOST_TEST(has(*why, "cannot be cut off"));
    }
    const auto torn = contentOf(path);
    BOOST_TEST(file.append({ofUser("c")}).has_value());
    BOOST_TEST(contentOf(path) == torn);
    BOOST_TEST(!file.rewrite({ofUser("a")}).has_value());
    append(file, ofUser("c"));
    BOOST_TEST(contentOf(path) == lineOf(ofUser("a")) + lineOf(ofUser("c")));
}

BOOST_AUTO_TEST_CASE(nothingIsAppendedToAFileThatWasTakenAway) {
    const TemporaryFolder folder;
    const auto path = folder.file("revocations");
    auto file = opened(path).file;
    append(file, ofUser("a"));
    std::filesystem::rename(path, path + ".old");
    BOOST_TEST(has(file.append({ofUser("b")}).value_or(""), "another file, or none"));
    BOOST_TEST(!file.rewrite({ofUser("a")}).has_value());
    append(file, ofUser("b"));
    BOOST_TEST(contentOf(path) == lineOf(ofUser("a")) + lineOf(ofUser("b")));
}

BOOST_AUTO_TEST_CASE(aKilledProcessLosesNothingThatItAcknowledged) {
    const TemporaryFolder folder;
    const auto path = folder.file("revocations");
    std::array<int, 2> ends{};
    BOOST_REQUIRE(::pipe(ends.data()) == 0);
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        auto result = RevocationFile::open(path);
        auto* file = std::get_if<RevocationFile::Opened>(&result);
        for (int i = 0; file != nullptr; ++i) {
            if (i % 50 == 49 && file->file.rewrite({ofUser("rewritten")})) break;
            if (file->file.append({ofUser(std::to_string(i))})) break;
            if (::write(ends[1], &i, sizeof(i)) != sizeof(i)) break;
        }
        ::_exit(1);
    }
    ::close(ends[1]);
    int last = -1;
    for (int read = 0; last < 120 && ::read(ends[0], &read, sizeof(read)) == sizeof(read);)
        last = read;
    ::kill(child, SIGKILL);
    for (int read = 0; ::read(ends[0], &read, sizeof(read)) == sizeof(read);)
        last = read;
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    ::close(ends[0]);
    BOOST_REQUIRE(last >= 120);
    BOOST_TEST(WIFSIGNALED(status));

    const auto revocations = opened(path).revocations;
    BOOST_REQUIRE(!revocations.empty());
    // One more may have been written than was acknowledged; the last rewrite may have left none of them.
    const bool isRewritten = revocations.back().user == "rewritten";
    BOOST_TEST((isRewritten ? (last + 1) % 50 == 49 : std::stoi(revocations.back().user) >= last));
    for (std::size_t i = 2; i < revocations.size(); ++i)
        BOOST_TEST(std::stoi(revocations[i].user) == std::stoi(revocations[i - 1].user) + 1);
}

BOOST_AUTO_TEST_CASE(aCheckReadsTheFileOfARunningDaemonAndChangesNothing) {
    const TemporaryFolder folder;
    const auto path = folder.file("revocations");
    BOOST_TEST(!RevocationFile::check(path));
    BOOST_TEST(std::filesystem::is_empty(folder.file("")));
    auto running = opened(path);
    append(running.file, ofUser("u"));
    BOOST_TEST(!RevocationFile::check(path));
    const auto torn = folder.write("torn", lineOf(ofUser("u")) + "{\"us");
    BOOST_TEST(!RevocationFile::check(torn));
    BOOST_TEST(contentOf(torn) == lineOf(ofUser("u")) + "{\"us");
    const auto fault = RevocationFile::check(folder.write("bad", lineOf(ofUser("u")) + "nonsense\n"));
    BOOST_REQUIRE(fault.has_value());
    BOOST_TEST(has(fault->why, "bad:2: the line is not a revocation"));
}

BOOST_AUTO_TEST_SUITE_END()
