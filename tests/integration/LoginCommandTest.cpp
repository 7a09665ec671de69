#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "tests/integration/ControlProcess.h"

using namespace changebank::tests;

namespace {

constexpr const char* apiKey = "this_really_should_be_a_long_random_alphanumeric_value_but_this_still_works";

/// One for all tests here, since its keys take a while to make.
std::string providerUrl() {
    static Process provider(CHANGEBANK_BINARY_DIR "/kickstartd",
                            {"--kickstart=" CHANGEBANK_SOURCE_DIR "/kickstart/kickstart.json", "--port=0"});
    static const auto port = provider.waitForPort();
    return "http://localhost:" + std::to_string(port);
}

struct Fixture {
    std::string url = providerUrl();

    Ended login(const Process::Environment& environment, const std::string& input = {},
                const std::string& user = "teller@example.com", std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"login", "--url=" + url, user});
        return runToEnd(changebankctl, more, environment, input);
    }

    /// Whether the daemon's own judge takes the token.
    bool isGood(std::string token) const {
        token = token.substr(0, token.find('\n'));
        return runToEnd(changebankctl, {"token", "verify", "--jwks=" + url + "/.well-known/jwks.json", "-"},
                        {}, token + "\n")
                   .status == 0;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(LoginCommandTest, Fixture)

BOOST_AUTO_TEST_CASE(thePasswordComesFromStandardInput) {
    const auto ended = login({{"CHANGEBANKCTL_API_KEY", apiKey}}, "password\nmore\n");
    BOOST_TEST(ended.status == 0, ended.errors);
    BOOST_TEST(isGood(ended.output), ended.output);
}

BOOST_AUTO_TEST_CASE(localhostIsEveryLoopbackAddressAsForTheDaemon) {
    Process provider(
        CHANGEBANK_BINARY_DIR "/kickstartd",
        {"--kickstart=" CHANGEBANK_SOURCE_DIR "/kickstart/kickstart.json", "--host=::1", "--port=0"});
    url = "http://localhost:" + std::to_string(provider.waitForPort());
    const auto ended = login({{"CHANGEBANKCTL_API_KEY", apiKey}}, "password\n");
    BOOST_TEST(ended.status == 0, ended.errors);
    BOOST_TEST(isGood(ended.output), ended.output);
}

BOOST_AUTO_TEST_CASE(orFromTheEnvironmentAndTheKeyFromAFile) {
    const TemporaryFolder folder;
    const auto file = folder.write("key", std::string(apiKey) + "\n");
    const auto ended = login({{"CHANGEBANKCTL_PASSWORD", "password"}}, "", "teller@example.com",
                             {"--api-key-file=" + file, "--json"});
    BOOST_TEST(ended.status == 0, ended.errors);
    BOOST_TEST(ended.output.rfind("{\"token\":\"", 0) == 0U);
}

BOOST_AUTO_TEST_CASE(refusalsAreExplained) {
    const auto wrong = login({{"CHANGEBANKCTL_API_KEY", apiKey}}, "not it\n");
    BOOST_TEST(wrong.status == 1);
    BOOST_TEST(wrong.output == "");
    BOOST_TEST(wrong.errors == "changebankctl login: no such user, or a wrong password\n");
    const auto keyless = login({}, "password\n");
    BOOST_TEST(keyless.status == 1);
    BOOST_TEST(keyless.errors == "changebankctl login: the API key is missing or invalid\n");
}

BOOST_AUTO_TEST_CASE(noAnswerAndMisuseHaveTheirStatus) {
    BOOST_TEST(runToEnd(changebankctl, {"login", "--url=http://127.0.0.1:1", "x"}, {}, "password\n").status ==
               69);
    BOOST_TEST(runToEnd(changebankctl, {"login"}).status == 64);
    BOOST_TEST(runToEnd(changebankctl, {"login", "--password=x", "user"}).status == 64);
    const auto unsafe =
        runToEnd(changebankctl, {"login", "--url=http://login.example.com", "x"}, {}, "password\n");
    BOOST_TEST(unsafe.status == 64);
    BOOST_TEST(unsafe.errors.find("plain http to another machine: use https") != std::string::npos);
    const auto empty = login({}, "");
    BOOST_TEST(empty.status == 64);
    BOOST_TEST(empty.errors.find("no password") != std::string::npos);
}

// What is typed at the prompt is not shown, and the terminal shows what is typed again afterwards.
BOOST_AUTO_TEST_CASE(thePromptDoesNotShowThePassword) {
    int terminal = -1;
    const auto option = "--url=" + url;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        ::setenv("CHANGEBANKCTL_API_KEY", apiKey, 1);
        ::execl(changebankctl.c_str(), "changebankctl", "login", option.c_str(), "teller@example.com",
                static_cast<char*>(nullptr));
        ::_exit(127);
    }
    std::string shown;
    char buffer[1024];
    const auto readUntil = [&](const std::string& part) {
        for (ssize_t count = 0;
             shown.find(part) == std::string::npos && (count = ::read(terminal, buffer, sizeof buffer)) > 0;)
            shown.append(buffer, static_cast<std::size_t>(count));
    };
    readUntil("Password: ");
    BOOST_REQUIRE(::write(terminal, "password\n", 9) == 9);
    readUntil("never shown");
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(terminal);
    BOOST_TEST(WEXITSTATUS(status) == 0, shown);
    BOOST_TEST(shown.find("password") == std::string::npos, shown);
    const auto token = shown.find("ey");
    BOOST_REQUIRE(token != std::string::npos);
    BOOST_TEST(isGood(shown.substr(token, shown.find('\r', token) - token) + "\n"));
}

BOOST_AUTO_TEST_SUITE_END()
