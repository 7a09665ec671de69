#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"
#include "tests/integration/ControlProcess.h"
#include "tests/support/OnlyIf.h"
#include "tests/support/ScriptedKeyServer.h"

using namespace changebank;
using namespace changebank::tests;

namespace {

constexpr const char* apiKey = "this_really_should_be_a_long_random_alphanumeric_value_but_this_still_works";
constexpr const char* clientSecret = "super-secret-secret-that-should-be-regenerated-for-production";
constexpr const char* target = "https://bank.example/make-change";

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

    /// The same with a client secret, for a token that is bound to a key.
    Ended loginBound(std::vector<std::string> more, const std::string& input = "password\n") const {
        more.emplace_back("--dpop");
        return login({{"CHANGEBANKCTL_CLIENT_SECRET", clientSecret}}, input, "teller@example.com",
                     std::move(more));
    }

    /// Whether the daemon's own judge takes these header fields of a GET of the target.
    Ended judge(const std::string& fields) const {
        std::smatch match;
        static const std::regex form("Authorization: DPoP (\\S+)\nDPoP: (\\S+)\n");
        BOOST_REQUIRE_MESSAGE(std::regex_match(fields, match, form), fields);
        return runToEnd(changebankctl,
                        {"token", "verify", "--jwks=" + url + "/.well-known/jwks.json",
                         "--dpop=" + match[2].str(), "--url=" + std::string(target), match[1].str()});
    }

    /// A claim of a token or a proof, as JSON.
    static std::string claimOf(const std::string& token, const char* name) {
        const auto first = token.find('.');
        const auto claims = decodeBase64Url(token.substr(first + 1, token.rfind('.') - first - 1)).value();
        const auto parsed = Json::parse(claims).value();
        const auto* claim = parsed.find(name);
        return claim ? claim->toText() : "";
    }

    static std::string confirmationOf(const std::string& token) { return claimOf(token, "cnf"); }

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

BOOST_AUTO_TEST_CASE(aBoundTokenComesWithTheHeaderFieldsOfARequest) {
    const auto ended = loginBound({"--target=" + std::string(target) + "?total=1"});
    BOOST_REQUIRE_MESSAGE(ended.status == 0, ended.errors);
    const auto judged = judge(ended.output);
    BOOST_TEST(judged.status == 0, judged.output);
    const auto posted = loginBound({"--target=" + std::string(target), "--method=POST"});
    BOOST_TEST(judge(posted.output).output.find("unexpected \\\"htm\\\"") != std::string::npos);
    const auto nonced = loginBound({"--target=" + std::string(target), "--nonce=eyJ7S_zG.eyJH0-Z"});
    BOOST_TEST(judge(nonced.output).status == 0, nonced.errors);
    const auto proof = nonced.output.substr(nonced.output.rfind(' ') + 1);
    BOOST_TEST(claimOf(proof, "nonce") == R"("eyJ7S_zG.eyJH0-Z")");
}

BOOST_AUTO_TEST_CASE(aKeyThatIsKeptMakesFurtherProofs) {
    const TemporaryFolder folder;
    const auto file = folder.file("key.pem");
    const auto key = "--key=" + file;
    const auto ended = loginBound({key});
    BOOST_REQUIRE_MESSAGE(ended.status == 0, ended.errors);
    struct stat status {};
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0600);
    const auto token = ended.output.substr(0, ended.output.find('\n'));
    BOOST_TEST(token.size() + 1 == ended.output.size());
    const auto proven = runToEnd(changebankctl, {"token", "prove", key, "--url=" + std::string(target), "-"},
                                 {}, ended.output);
    const auto judged = judge(proven.output);
    BOOST_TEST(judged.status == 0, judged.output);

    // The next login has the same key.
    const auto again = loginBound({key, "--json"});
    const auto json = Json::parse(again.output.substr(0, again.output.find('\n'))).value();
    BOOST_TEST(confirmationOf(token).find("jkt") != std::string::npos);
    BOOST_TEST(confirmationOf(*json.find("token")->string()) == confirmationOf(token));
    BOOST_TEST(confirmationOf(*json.find("token")->string()) !=
               confirmationOf(loginBound({"--key=" + folder.file("other.pem")}).output));
}

BOOST_AUTO_TEST_CASE(refusalsOfABoundTokenAreExplained) {
    const auto option = "--target=" + std::string(target);
    const auto wrong = loginBound({option}, "not it\n");
    BOOST_TEST(wrong.status == 1);
    BOOST_TEST(wrong.output == "");
    BOOST_TEST(wrong.errors == "changebankctl login: invalid_grant: The name or the password is wrong.\n");
    const auto secretless =
        login({}, "password\n", "teller@example.com", {"--dpop", "--target=" + std::string(target)});
    BOOST_TEST(secretless.status == 1);
    BOOST_TEST(secretless.errors.rfind("changebankctl login: invalid_client: The client must", 0) == 0U);
    const TemporaryFolder folder;
    const auto file = folder.write("secret", std::string(clientSecret) + "\n");
    BOOST_TEST(
        login({}, "password\n", "teller@example.com", {"--dpop", option, "--client-secret-file=" + file})
            .status == 0);
}

BOOST_AUTO_TEST_CASE(aLoginThatFailsLeavesNoKeyBehind) {
    const TemporaryFolder folder;
    const auto file = folder.file("key.pem");
    BOOST_TEST(loginBound({"--key=" + file}, "not it\n").status == 1);
    BOOST_TEST(loginBound({"--key=" + file}, "").status == 64);
    BOOST_TEST(std::filesystem::is_empty(folder.file("")));
    // One that was there stays.
    BOOST_TEST(loginBound({"--key=" + file}).status == 0);
    BOOST_TEST(loginBound({"--key=" + file}, "not it\n").status == 1);
    BOOST_TEST(std::filesystem::exists(file));
}

BOOST_AUTO_TEST_CASE(aKeyThatCannotBeReachedIsExplained) {
    const TemporaryFolder folder;
    const auto tooLong = folder.file(std::string(300, 'k'));
    const auto ended = loginBound({"--key=" + tooLong});
    BOOST_TEST(ended.status == 64);
    BOOST_TEST(ended.errors.find(tooLong + ": File name too long") != std::string::npos, ended.errors);
    const auto absent = loginBound({"--key=" + folder.file("absent/key.pem")});
    BOOST_TEST(absent.status == 64);
    BOOST_TEST(absent.errors.find("cannot be written: No such file or directory") != std::string::npos,
               absent.errors);
}

BOOST_AUTO_TEST_CASE(soIsOneInAFolderThatMayNotBeSearched,
                     *onlyIf(::geteuid() != 0, "root may search every folder")) {
    const TemporaryFolder folder;
    const auto closed = folder.file("closed");
    BOOST_REQUIRE(::mkdir(closed.c_str(), 0600) == 0);
    const auto ended = loginBound({"--key=" + closed + "/key.pem"});
    BOOST_TEST(ended.status == 64);
    BOOST_TEST(ended.errors.find(closed + "/key.pem: Permission denied") != std::string::npos, ended.errors);
}

// An older FusionAuth ignores the proof.
BOOST_AUTO_TEST_CASE(aTokenThatIsNotBoundIsNotPrinted) {
    ScriptedKeyServer server(
        ScriptedKeyServer::document(R"({"access_token":"a.b.c","token_type":"Bearer"})"));
    url = server.uri().substr(0, server.uri().find('/', std::string("http://").size()));
    const auto ended = loginBound({"--target=" + std::string(target)});
    BOOST_TEST(ended.status == 1);
    BOOST_TEST(ended.output == "");
    BOOST_TEST(ended.errors.find("the token is not bound to the key") != std::string::npos, ended.errors);
    server.play(ScriptedKeyServer::document(R"({"access_token":"a\nX: y","token_type":"DPoP"})"));
    BOOST_TEST(loginBound({"--target=" + std::string(target)}).errors ==
               "changebankctl login: the response has no access token\n");
}

BOOST_AUTO_TEST_CASE(aPasswordMayHaveAnyCharacter) {
    std::ifstream kickstart(CHANGEBANK_SOURCE_DIR "/kickstart/kickstart.json");
    auto text = std::string(std::istreambuf_iterator<char>(kickstart), {});
    text = std::regex_replace(text, std::regex(R"("tellerPassword": "password")"),
                              R"("tellerPassword": "p+a&s=s %41é;#")");
    const TemporaryFolder folder;
    Process provider(CHANGEBANK_BINARY_DIR "/kickstartd",
                     {"--kickstart=" + folder.write("kickstart.json", text), "--port=0"});
    url = "http://localhost:" + std::to_string(provider.waitForPort());
    const auto ended = loginBound({"--target=" + std::string(target)}, "p+a&s=s %41é;#\n");
    BOOST_TEST(ended.status == 0, ended.errors);
}

BOOST_AUTO_TEST_CASE(misuseOfTheOptionsForABoundTokenEndsWith64) {
    const TemporaryFolder folder;
    const auto option = "--target=" + std::string(target);
    for (const auto& arguments : std::initializer_list<std::vector<std::string>>{
             {"--dpop"},
             {"--dpop", "--method=GET"},
             {"--dpop", "--target=bank.example"},
             {"--dpop", option, "--method=G T"},
             {"--dpop", option, "--nonce="},
             {"--dpop", option, "--nonce=a b"},
             {"--dpop", "--key=" + folder.file("new.pem"), "--nonce=x"},
             {"--dpop", option, "--json"},
             {"--dpop", option, "--api-key-file=x"},
             {"--dpop", option, "--client-secret-file=" + folder.file("absent")},
             {"--dpop", "--key=" + folder.write("key.pem", "no key")},
             {"--dpop", "--key=" + folder.file("absent/key.pem")},
             {option},
             {"--method=GET"},
             {"--nonce=x"},
             {"--key=x"},
             {"--client-secret-file=x"}}) {
        const auto ended = login({}, "password\n", "teller@example.com", arguments);
        BOOST_TEST(ended.status == 64, arguments.back() << ": " << ended.errors);
        BOOST_TEST(ended.output == "");
    }
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
