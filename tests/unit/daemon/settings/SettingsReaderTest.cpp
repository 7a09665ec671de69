#include "changebank/daemon/settings/SettingsReader.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "changebank/daemon/settings/SettingDefinition.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/settings/ReadDefines.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;
using changebank::tests::TestCertificate;
using namespace std::chrono_literals;

namespace {

std::string faultsOfFile(const std::string& content) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.file = folder.write("test.properties", content);
    return faultsOf(readSettings(sources), sources.file);
}

/// The examples of settings in a document.
std::vector<std::string> examplesOf(const std::string& document) {
    std::ifstream file(CHANGEBANK_SOURCE_DIR "/docs/" + document);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const std::string begin = "```properties\n";
    std::vector<std::string> examples;
    for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
        const auto first = at + begin.size();
        examples.push_back(text.substr(first, text.find("```", first) - first));
    }
    return examples;
}

/// Puts another value in the place of those that begin like that.
void replaceValues(std::string& example, const std::string& start, const std::string& value) {
    for (auto at = example.find(start); at != std::string::npos; at = example.find(start, at + value.size()))
        example.replace(at, example.find('\n', at) - at, value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SettingsReaderTest)

BOOST_AUTO_TEST_CASE(withoutSourcesTheDefaultsHold) {
    const auto parsed = readSettings({});
    BOOST_TEST(parsed.ok());
    const auto& settings = parsed.settings;
    BOOST_TEST(settings.server.host == "127.0.0.1");
    BOOST_TEST(settings.server.port == 3000);
    BOOST_TEST(settings.auth.first().policy.issuer == "http://localhost:9011");
    BOOST_TEST(settings.auth.first().policy.audiences.size() == 1U);
    BOOST_TEST(settings.auth.first().policy.algorithms.toText() == "RS256");
    BOOST_TEST(settings.auth.first().policy.requireExpiration);
    BOOST_TEST(settings.auth.first().jwks.uri == "http://localhost:9011/.well-known/jwks.json");
    BOOST_TEST((settings.auth.first().jwks.maxAge == 10min));
    BOOST_TEST((settings.auth.first().jwks.cooldown == 30s));
    BOOST_TEST((settings.auth.first().jwks.timeout == 5s));
    BOOST_TEST((settings.auth.first().jwks.staleFor == 24h));
    BOOST_TEST(settings.auth.cacheEntries == 10'000U);
    BOOST_TEST((settings.auth.errors == changebank::security::ErrorDetail::detailed));
    BOOST_TEST((settings.roles.makeChange == std::vector<std::string>{"customer", "teller"}));
    BOOST_TEST((settings.roles.panic == std::vector<std::string>{"teller"}));
    BOOST_TEST(settings.page.login ==
               "http://localhost:9011/app/login/e9fdb985-9173-4e01-9d73-ac2d60d1dc8e?redirect_uri={page}");
    BOOST_TEST(settings.page.logout ==
               "http://localhost:9011/app/logout/e9fdb985-9173-4e01-9d73-ac2d60d1dc8e?redirect_uri={page}");
    BOOST_TEST(settings.page.explain);
    BOOST_TEST(settings.page.brokenTokens == "");
    BOOST_TEST(settings.corsOrigins.empty());
    BOOST_TEST(settings.logLevel == Poco::Message::PRIO_INFORMATION);
}

BOOST_AUTO_TEST_CASE(everySettingReachesItsPlace) {
    const auto parsed = readDefines({"server.host=::1",
                                     "server.port=0",
                                     "auth.issuer=acme.com",
                                     "auth.audience=a, b",
                                     "auth.algorithms=ES256,Ed25519",
                                     "auth.leeway=30s",
                                     "auth.requireExpiration=false",
                                     "auth.tenant=t1",
                                     "auth.cookie=token",
                                     "auth.errors=minimal",
                                     "auth.cache.entries=0",
                                     "auth.jwks.uri=http://keys.example.com/jwks",
                                     "auth.jwks.allowHttp=true",
                                     "auth.jwks.snapshot=/tmp/keys.json",
                                     "auth.jwks.maxAge=1m",
                                     "auth.jwks.cooldown=2s",
                                     "auth.jwks.timeout=500ms",
                                     "auth.jwks.staleFor=0s",
                                     "roles.makeChange=x",
                                     "roles.panic=y,z",
                                     "page.login=https://id.example.com/in?to={page}",
                                     "page.logout=https://id.example.com/out",
                                     "page.explain=false",
                                     "page.brokenTokens=https://id.example.com/broken?kind={kind}",
                                     "cors.origins=https://app.example.com, http://localhost:5173",
                                     "log.level=trace",
                                     "log.target=file:/tmp/log"});
    BOOST_TEST(faultsOf(parsed) == "");
    const auto& settings = parsed.settings;
    BOOST_TEST(settings.server.host == "::1");
    BOOST_TEST(settings.server.port == 0);
    BOOST_TEST(settings.auth.first().policy.issuer == "acme.com");
    BOOST_TEST((settings.auth.first().policy.audiences == std::vector<std::string>{"a", "b"}));
    BOOST_TEST(settings.auth.first().policy.algorithms.toText() == "ES256,Ed25519");
    BOOST_TEST((settings.auth.first().policy.leeway == 30s));
    BOOST_TEST(!settings.auth.first().policy.requireExpiration);
    BOOST_TEST(settings.auth.first().policy.tenant == "t1");
    BOOST_TEST(settings.auth.cookie == "token");
    BOOST_TEST((settings.auth.errors == changebank::security::ErrorDetail::minimal));
    BOOST_TEST(settings.auth.cacheEntries == 0U);
    BOOST_TEST(settings.auth.first().jwks.uri == "http://keys.example.com/jwks");
    BOOST_TEST(settings.auth.first().jwks.allowHttp);
    BOOST_TEST(settings.auth.first().jwks.snapshot == "/tmp/keys.json");
    BOOST_TEST((settings.auth.first().jwks.maxAge == 1min));
    BOOST_TEST((settings.auth.first().jwks.cooldown == 2s));
    BOOST_TEST((settings.auth.first().jwks.timeout == 500ms));
    BOOST_TEST((settings.auth.first().jwks.staleFor == 0s));
    BOOST_TEST((settings.roles.makeChange == std::vector<std::string>{"x"}));
    BOOST_TEST((settings.roles.panic == std::vector<std::string>{"y", "z"}));
    BOOST_TEST(settings.page.login == "https://id.example.com/in?to={page}");
    BOOST_TEST(!settings.page.explain);
    BOOST_TEST(settings.page.brokenTokens == "https://id.example.com/broken?kind={kind}");
    BOOST_TEST(settings.page.logout == "https://id.example.com/out");
    BOOST_TEST((settings.corsOrigins ==
                std::vector<std::string>{"https://app.example.com", "http://localhost:5173"}));
    BOOST_TEST(settings.logLevel == Poco::Message::PRIO_TRACE);
    BOOST_TEST((settings.logTarget == LogTarget{LogTarget::Kind::file, "/tmp/log"}));
}

BOOST_AUTO_TEST_CASE(laterSourcesWin) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.file = folder.write("test.properties", "server.port = 1\nauth.cookie = one\nlog.level = debug\n");
    auto parsed = readSettings(sources);
    BOOST_TEST(parsed.settings.server.port == 1);
    BOOST_TEST(parsed.effective.at("server.port").place == sources.file + ":1");

    sources.environment = {"CHANGEBANK_SERVER_PORT=2", "CHANGEBANK_AUTH_COOKIE=two", "HOME=/root"};
    parsed = readSettings(sources);
    BOOST_TEST(parsed.settings.server.port == 2);
    BOOST_TEST(parsed.settings.auth.cookie == "two");
    BOOST_TEST(parsed.effective.at("server.port").place == "environment:CHANGEBANK_SERVER_PORT");

    sources.defines = {"server.port=3"};
    parsed = readSettings(sources);
    BOOST_TEST(faultsOf(parsed) == "");
    BOOST_TEST(parsed.settings.server.port == 3);
    BOOST_TEST(parsed.settings.auth.cookie == "two");
    BOOST_TEST(parsed.settings.logLevel == Poco::Message::PRIO_DEBUG);
    BOOST_TEST(parsed.effective.at("server.port").place == "--define");
    BOOST_TEST(parsed.effective.at("server.host").place == "defaults");
}

BOOST_AUTO_TEST_CASE(everyFaultOfAFileIsFoundAtItsLine) {
    BOOST_TEST(faultsOfFile("# settings\n"
                            "server.prot = 3000\n"
                            "server.port = 70000\n"
                            "nothing\n"
                            "auth.cookie = a\n"
                            "auth.cookie = b\n"
                            "completely.different = 1\n"
                            "logging.loggers.root.level = debug\n"
                            "auth.leeway = 5\n"
                            "roles.panic = \n"
                            "auth.algorithms = HS256\n") ==
               "FILE:2: server.prot: unknown key; did you mean server.port?\n"
               "FILE:3: server.port: \"70000\" is out of range: 0 to 65535\n"
               "FILE:4: is not of the form KEY = VALUE\n"
               "FILE:6: auth.cookie: is set more than once\n"
               "FILE:7: completely.different: unknown key\n"
               "FILE:8: logging.loggers.root.level: not a setting since 1.0.0; instead: log.level = debug "
               "(upgrading.md)\n"
               "FILE:9: auth.leeway: \"5\" is not a duration such as 500ms, 5s, 10m or 24h\n"
               "FILE:10: roles.panic: an item of the list must not be empty\n"
               "FILE:11: auth.algorithms: \"HS256\" is not a list of supported algorithms\n");
}

BOOST_AUTO_TEST_CASE(aFaultyValueThatIsOverriddenIsStillAFault) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.file = folder.write("test.properties", "server.port = x\n");
    sources.defines = {"server.port=1"};
    BOOST_TEST(faultsOf(readSettings(sources), sources.file) ==
               "FILE:1: server.port: \"x\" is not a whole number (0-65535)\n");
}

BOOST_AUTO_TEST_CASE(faultsOfTheEnvironmentNameTheVariable) {
    SettingsSources sources;
    sources.environment = {"CHANGEBANK_SERVER_PORT=x",
                           "CHANGEBANK_SERVER_PROT=1",
                           "CHANGEBANKX=1",
                           "CHANGEBANK_=1",
                           "CHANGEBANK_LOGGING_LOGGERS_ROOT_LEVEL=debug",
                           "PATH=/bin",
                           "BROKEN"};
    BOOST_TEST(faultsOf(readSettings(sources)) ==
               "environment:CHANGEBANK_SERVER_PORT: server.port: \"x\" is not a whole number (0-65535)\n"
               "environment:CHANGEBANK_SERVER_PROT: unknown variable; did you mean "
               "CHANGEBANK_SERVER_PORT?\n"
               "environment:CHANGEBANK_: unknown variable\n"
               "environment:CHANGEBANK_LOGGING_LOGGERS_ROOT_LEVEL: unknown variable\n");
}

BOOST_AUTO_TEST_CASE(variablesOfKubernetesAreNotedAndPassedOver) {
    SettingsSources sources;
    sources.environment = {"CHANGEBANK_SERVICE_HOST=10.0.0.1", "CHANGEBANK_SERVICE_PORT=80",
                           "CHANGEBANK_PORT=tcp://10.0.0.1:80", "CHANGEBANK_PORT_80_TCP=tcp://10.0.0.1:80",
                           "CHANGEBANK_AUTH_COOKIE=c"};
    auto parsed = readSettings(sources);
    BOOST_TEST(faultsOf(parsed) == "");
    BOOST_TEST(parsed.settings.auth.cookie == "c");
    BOOST_REQUIRE(parsed.notes.size() == 1U);
    BOOST_TEST(parsed.notes.front().find("the Kubernetes service \"changebank\", which are not settings") !=
               std::string::npos);

    // A misspelt CHANGEBANK_SERVER_HOST is not one of them.
    sources.environment = {"CHANGEBANK_SERVICE_HOST=127.0.0.1", "CHANGEBANK_SERVICE_PORT=3000"};
    parsed = readSettings(sources);
    BOOST_TEST(faultsOf(parsed) ==
               "environment:CHANGEBANK_SERVICE_HOST: unknown variable; did you mean "
               "CHANGEBANK_SERVER_HOST?\n"
               "environment:CHANGEBANK_SERVICE_PORT: unknown variable; did you mean "
               "CHANGEBANK_SERVER_PORT?\n");
    BOOST_TEST(parsed.notes.empty());
}

BOOST_AUTO_TEST_CASE(faultsOfDefinesAreFound) {
    BOOST_TEST(
        faultsOf(readDefines({"server.port", "server.prot=1", "server.port=1", "server.port=2", "=x"})) ==
        "--define: server.port: is not of the form KEY=VALUE\n"
        "--define: server.prot: unknown key; did you mean server.port?\n"
        "--define: server.port: is set more than once\n"
        "--define: =x: is not of the form KEY=VALUE\n");
}

BOOST_AUTO_TEST_CASE(aFaultIsAlwaysOnePrintableLine) {
    const auto text = faultsOfFile("a\\nb\x1b[31m = 1\nauth.issuer = x\\ny\n");
    BOOST_TEST(text ==
               "FILE:1: \"a\\u000ab\\u001b[31m\": unknown key\n"
               "FILE:2: auth.issuer: \"x\\u000ay\" has a control character\n");
}

BOOST_AUTO_TEST_CASE(aFileThatCannotBeReadIsAFault) {
    SettingsSources sources;
    sources.file = "/nonexistent/changebank.properties";
    BOOST_TEST(faultsOf(readSettings(sources)) ==
               "/nonexistent/changebank.properties: cannot be read: No such file or directory\n");
    sources.file = "/tmp";
    BOOST_TEST(faultsOf(readSettings(sources)) == "/tmp: cannot be read: Is a directory\n");
    sources.file = "/dev/zero";
    BOOST_TEST(faultsOf(readSettings(sources)) == "/dev/zero: is longer than 1048576 bytes\n");
}

BOOST_AUTO_TEST_CASE(aPieceOverridesTheFileAndEarlierPieces) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.useFile(folder.write("main", "server.port = 1\nauth.cookie = main\nroles.panic = main\n"));
    sources.useFolder(folder.file(""));
    folder.write("20.properties", "auth.cookie = twenty\n");
    folder.write("10.properties", "# a comment\nroles.panic = ten\nauth.cookie = ten\n");
    auto parsed = readSettings(sources);
    BOOST_TEST(faultsOf(parsed) == "");
    BOOST_TEST(parsed.settings.server.port == 1);
    BOOST_TEST(parsed.settings.auth.cookie == "twenty");
    BOOST_TEST(parsed.effective["server.port"].place == folder.file("main:1"));
    BOOST_TEST(parsed.effective["auth.cookie"].place == folder.file("20.properties:1"));
    BOOST_TEST(parsed.effective["roles.panic"].place == folder.file("10.properties:2"));

    sources.environment = {"CHANGEBANK_AUTH_COOKIE=variable"};
    BOOST_TEST(readSettings(sources).settings.auth.cookie == "variable");
    std::filesystem::remove(folder.file("20.properties"));
    sources.environment.clear();
    BOOST_TEST(readSettings(sources).settings.auth.cookie == "ten");
}

BOOST_AUTO_TEST_CASE(faultsAndNotesNameThePieceAndItsLine) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.useFolder(folder.file(""));
    folder.write("a.properties", "server.port = x\nserver.prot = 1\n\xFF\nline\n");
    folder.write("b.properties", "server.port = 1\nserver.port = 2\nauth.cookie = \"c\"\n");
    std::filesystem::create_directory(folder.file("c.properties"));
    const auto parsed = readSettings(sources);
    const auto place = [&folder](const char* name) { return folder.file(name); };
    BOOST_TEST(faultsOf(parsed).find(place("c.properties") + ": cannot be read: Is a directory\n") !=
               std::string::npos);
    for (const char* fault :
         {"a.properties:1: server.port: \"x\" is not", "a.properties:2: server.prot: unknown key",
          "a.properties:3: is not UTF-8", "a.properties:4: is not of the form",
          "b.properties:2: server.port: is set more than once\n"})
        BOOST_TEST(faultsOf(parsed).find(place(fault)) != std::string::npos, faultsOf(parsed));
    BOOST_TEST(faultsOf(parsed).find("b.properties:1") == std::string::npos);
    BOOST_TEST(faultsOf(parsed).find("b.properties:3: auth.cookie") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rulesAndIssuersComeFromPiecesToo) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.useFile(folder.write("main",
                                 "auth.issuers = one\nauth.issuer.one.url = https://one.example\n"
                                 "auth.issuer.one.audience = a\n"));
    sources.useFolder(folder.file(""));
    folder.write("a.properties",
                 "decision.rule.7 = GET /** public\nauth.issuers = two\n"
                 "auth.issuer.two.url = https://two.example\nauth.issuer.two.audience = a\n");
    const auto faults = faultsOf(readSettings(sources));
    BOOST_TEST(faults.find("decision.rule.7: unknown key") == std::string::npos, faults);
    BOOST_TEST(faults.find("auth.issuer.two") == std::string::npos, faults);
    BOOST_TEST(
        faults.find(folder.file("main:2: auth.issuer.one.url: unknown key, since auth.issuers does not "
                                "name \"one\"")) != std::string::npos,
        faults);
}

BOOST_AUTO_TEST_CASE(theFolderIsReadAgainEachTime) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.folder = folder.file("conf.d");
    BOOST_TEST(readSettings(sources).ok());
    std::filesystem::create_directory(sources.folder);
    folder.write("conf.d/a.properties", "auth.cookie = later\n");
    BOOST_TEST(readSettings(sources).settings.auth.cookie == "later");
}

BOOST_AUTO_TEST_CASE(aPlaceIsPrintableWhateverThePieceIsCalled) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.useFolder(folder.file(""));
    folder.write("a\nb.properties", "server.prot = 1\n");
    BOOST_TEST(faultsOf(readSettings(sources)) ==
               folder.file("a\\u000ab.properties:1: server.prot: unknown key; did you mean server.port?\n"));
}

BOOST_AUTO_TEST_CASE(originsAreExact) {
    BOOST_TEST(
        faultsOf(readDefines({"cors.origins=*"})) ==
        "--define: cors.origins: \"*\" would let every page call in its user's name; name each origin\n");
    for (const std::string origin : {"null", "https://app.example.com/", "https://App.example.com", ","}) {
        BOOST_TEST(readDefines({"cors.origins=https://good.example, " + origin}).faults.size() == 1U, origin);
    }
    BOOST_TEST(readDefines({"cors.origins= "}).settings.corsOrigins.empty());
}

BOOST_AUTO_TEST_CASE(filesThatSettingsNameAreLookedAt) {
    const TemporaryFolder folder;
    BOOST_TEST(
        faultsOf(readDefines({"auth.jwks.caFile=/nonexistent.pem"})) ==
        "--define: auth.jwks.caFile: \"/nonexistent.pem\" cannot be read: No such file or directory\n");
    const auto junk = folder.write("junk.pem", "junk");
    BOOST_TEST(
        faultsOf(readDefines({"auth.jwks.caFile=" + junk})).find("is not a PEM file with certificates") !=
        std::string::npos);
    BOOST_TEST(faultsOf(readDefines({"auth.jwks.snapshot=/nonexistent/keys"})) ==
               "--define: auth.jwks.snapshot: the folder \"/nonexistent/\" cannot be written: No such file "
               "or directory\n");
    BOOST_TEST(faultsOf(readDefines({"auth.jwks.snapshot=" + folder.file("keys")})) == "");
    BOOST_TEST(faultsOf(readDefines({"log.target=file:/nonexistent/log", "audit.file=/tmp"})) ==
               "--define: log.target: the folder \"/nonexistent/\" cannot be written: No such file or "
               "directory\n"
               "--define: audit.file: \"/tmp\" is a folder\n");
    BOOST_TEST(faultsOf(readDefines({"log.target=file:" + folder.file("log")})) == "");
    BOOST_TEST(!std::filesystem::exists(folder.file("log")));
}

BOOST_AUTO_TEST_CASE(aPipeIsNoFileOfCertificates) {
    const TemporaryFolder folder;
    const auto pipe = folder.file("pipe");
    BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    // Opening one of them would wait for ever.
    BOOST_TEST(faultsOf(readDefines({"auth.jwks.caFile=" + pipe, "server.tls.certificate=" + pipe,
                                     "server.tls.key=" + pipe})) ==
               "--define: auth.jwks.caFile: \"" + pipe + "\" is not a regular file\n" +
                   "--define: server.tls.certificate: \"" + pipe + "\" is not a regular file\n" +
                   "--define: server.tls.key: \"" + pipe + "\" is not a regular file\n");
}

BOOST_AUTO_TEST_CASE(twoSettingsDoNotWriteToOneFile) {
    const TemporaryFolder folder;
    const auto one = folder.file("one");
    BOOST_TEST(faultsOf(readDefines({"log.target=file:" + one, "audit.file=" + one})) == "");
    BOOST_TEST(faultsOf(readDefines({"log.target=file:" + one, "auth.jwks.snapshot=" + one})) ==
               "--define: auth.jwks.snapshot: \"" + one + "\" is the file of log.target as well\n");
    BOOST_TEST(faultsOf(readDefines({"audit.file=" + one, "admin.socket=" + one})) ==
               "--define: admin.socket: \"" + one + "\" is the file of audit.file as well\n");
}

BOOST_AUTO_TEST_CASE(aValueThatIsHardlyMeantIsNotedAtItsPlace) {
    const TemporaryFolder folder;
    SettingsSources sources;
    sources.file = folder.write("test.properties", "roles.panic = 'teller'\nauth.audience = \"a\"\n");
    sources.environment = {"CHANGEBANK_AUTH_AUDIENCE=b"};
    sources.defines = {"auth.tenant=t # tenant"};
    const auto parsed = readSettings(sources);
    BOOST_TEST(parsed.ok());
    // One that is overridden does no harm.
    BOOST_REQUIRE(parsed.notes.size() == 2U);
    BOOST_TEST(parsed.notes[0].starts_with("--define: auth.tenant: the text behind # is part of the value"));
    BOOST_TEST(parsed.notes[1].starts_with(sources.file + ":1: roles.panic: the quotation marks are part"));
    BOOST_TEST(readDefines({}).notes.empty());
}

BOOST_AUTO_TEST_CASE(theEncodingIsUtf8InEverySource) {
    BOOST_TEST(
        faultsOfFile("\xEF\xBB\xBFserver.port = x\nroles.panic = k\xE4se\n") ==
        "FILE:2: is not UTF-8: byte 0xE4 in column 16 looks like Latin-1 or another 8-bit encoding; save "
        "the file as UTF-8\n"
        "FILE:1: server.port: \"x\" is not a whole number (0-65535)\n");
    SettingsSources sources;
    sources.environment = {"CHANGEBANK_ROLES_PANIC=k\xE4se"};
    sources.defines = {"auth.tenant=\xFF"};
    BOOST_TEST(faultsOf(readSettings(sources)) ==
               "environment:CHANGEBANK_ROLES_PANIC: roles.panic: \"k\uFFFDse\" is not UTF-8\n"
               "--define: auth.tenant: \"\uFFFD\" is not UTF-8\n");
}

BOOST_AUTO_TEST_CASE(anAdminSocketIsRequiredOnlyWhereItIsSet) {
    BOOST_TEST(!readDefines({}).settings.admin.isRequired);
    BOOST_TEST(readDefines({"admin.socket=/run/changebank/admin.sock"}).settings.admin.isRequired);
}

BOOST_AUTO_TEST_CASE(randomFilesNeverDoMoreThanHaveFaults) {
    std::mt19937 random(20261123);
    const auto below = [&](std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
    };
    for (int round = 0; round < 20; ++round) {
        std::string content;
        for (int line = 0; line < 1000; ++line) {
            const auto& definitions = SettingTable::base().all();
            if (below(3) != 0) content += std::string(definitions[below(definitions.size())].key) + " = ";
            for (auto length = below(40); length > 0; --length)
                content += static_cast<char>(below(256));
            content += '\n';
        }
        const auto text = faultsOfFile(content);
        BOOST_TEST(!text.empty());
        for (const char c : text)
            BOOST_REQUIRE((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    }
}

BOOST_AUTO_TEST_CASE(theExamplesOfTheDocumentsAreWithoutFaults) {
    for (const auto& [name, count] :
         {std::pair{"issuers.md", 6}, std::pair{"bound-tokens.md", 2}, std::pair{"revocation.md", 2}}) {
        const TestCertificate certificate;
        const TemporaryFolder folder;
        const auto credentials = folder.write("redis", "changebank:password");
        std::filesystem::permissions(credentials, std::filesystem::perms::owner_read);
        const auto examples = examplesOf(name);
        BOOST_TEST(examples.size() == static_cast<std::size_t>(count), name);
        for (auto example : examples) {
            // Files of a pod and certificates are not here.
            replaceValues(example, "/var/run", "");
            replaceValues(example, "/etc/changebank/tls.pem", certificate.certificateFile());
            replaceValues(example, "/etc/changebank/tls.key", certificate.keyFile());
            replaceValues(example, "/etc/changebank/redis", credentials);
            replaceValues(example, "/var/lib/changebank/revocations", folder.file("revocations"));
            BOOST_TEST(faultsOfFile(example) == "", example);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
