#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <string>

#include "tests/integration/DaemonProcess.h"

using namespace changebank::tests;

namespace {

struct Ended {
    int status;
    std::string output;
    std::string errors;
};

Ended run(const std::string& program, const std::vector<std::string>& arguments,
          const Process::Environment& environment = {}) {
    Process process(program, arguments, environment);
    const auto status = process.wait();
    return {status.value_or(-1), process.output(), process.errors()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DaemonStartTest)

BOOST_AUTO_TEST_CASE(itNamesThePortItListensOnAndServes) {
    DaemonProcess daemon("");
    BOOST_TEST(daemon.port() != 0);
    BOOST_TEST(daemon.get("/livez").status == 200);
    BOOST_TEST(daemon.get("/").body.find("<!DOCTYPE html>") == 0U);
}

BOOST_AUTO_TEST_CASE(aMissingFileIsNamed) {
    const auto ended = run(changebankd, {"--config=/nonexistent/x.properties"});
    BOOST_TEST(ended.status == 78);
    BOOST_TEST(ended.errors == "/nonexistent/x.properties: cannot be read: No such file or directory\n");
}

BOOST_AUTO_TEST_CASE(everyFaultOfABrokenFileIsNamedWithItsLine) {
    const TemporaryFolder folder;
    const auto file = folder.write("x.properties", "server.prot = 0\n\nauth.leeway = soon\njunk\n");
    for (const bool check : {false, true}) {
        auto arguments = std::vector<std::string>{"--config=" + file, "--define=server.port=0"};
        if (check) arguments.push_back("--check");
        const auto ended = run(changebankd, arguments);
        BOOST_TEST(ended.status == 78);
        BOOST_TEST(ended.output == "");
        BOOST_TEST(ended.errors ==
                   file + ":1: server.prot: unknown key; did you mean server.port?\n" + file +
                       ":3: auth.leeway: \"soon\" is not a duration such as 500ms, 5s, 10m or 24h\n" + file +
                       ":4: is not of the form KEY = VALUE\n");
    }
}

BOOST_AUTO_TEST_CASE(aPortInUseIsNamed) {
    DaemonProcess first("");
    const auto port = std::to_string(first.port());
    const auto ended = run(changebankd, {"--define=server.port=" + port, "--define=admin.socket="});
    BOOST_TEST(ended.status == 69);
    BOOST_TEST(ended.errors.find("changebankd: cannot listen on 127.0.0.1:" + port + ": ") == 0U);
    BOOST_TEST(ended.errors.find("Address already in use") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(aHostThatIsNotOursIsNamed) {
    const auto ended = run(changebankd, {"--define=server.host=192.0.2.1", "--define=server.port=0"});
    BOOST_TEST(ended.status == 69);
    BOOST_TEST(ended.errors.find("cannot listen on 192.0.2.1:0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(checkBindsNothing) {
    DaemonProcess first("");
    const auto ended = run(changebankd, {"--check", "--define=server.port=" + std::to_string(first.port())});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.output == "The settings are good.\n");
    BOOST_TEST(ended.errors == "");
}

BOOST_AUTO_TEST_CASE(checkCreatesNoLogFile) {
    const TemporaryFolder folder;
    const auto ended = run(changebankd, {"--check", "--define=log.target=file:" + folder.file("log")});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(!std::filesystem::exists(folder.file("log")));
}

BOOST_AUTO_TEST_CASE(checkChangesNothing) {
    const TemporaryFolder folder;
    std::string settings;
    for (const auto& [key, name] : {std::pair{"log.target = file:", "log"},
                                    {"audit.file = ", "audit"},
                                    {"auth.jwks.snapshot = ", "keys"}}) {
        folder.write(name, "x");
        settings += key + folder.file(name) + "\n";
    }
    const auto file = folder.write("c.properties", settings + "admin.socket = " + folder.file("sock") + "\n");
    const auto before = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    for (const auto& entry : std::filesystem::directory_iterator(folder.file("")))
        std::filesystem::last_write_time(entry, before);
    std::filesystem::last_write_time(folder.file(""), before);
    for (const auto& arguments : {std::vector<std::string>{changebankd, "--check", "--config=" + file},
                                  {changebankctl, "check", file}}) {
        const auto ended = run(arguments[0], {arguments.begin() + 1, arguments.end()});
        BOOST_TEST(ended.status == 0, ended.errors);
        BOOST_TEST((std::filesystem::last_write_time(folder.file("")) == before));
        for (const auto& entry : std::filesystem::directory_iterator(folder.file("")))
            BOOST_TEST((std::filesystem::last_write_time(entry) == before), entry.path());
    }
}

/// Settings that stop a start even if the addresses are free: what is said of them, and in which line.
BOOST_AUTO_TEST_CASE(checkRefusesWhatAStartRefuses) {
    const TemporaryFolder folder;
    const auto file = folder.write("file", "");
    const auto longPath = folder.file(std::string(120, 'x'));
    const std::vector<std::pair<std::string, std::string>> cases{
        {"admin.socket = /nonexistent/admin.sock",
         "admin.socket: cannot listen on /nonexistent/admin.sock: "},
        {"admin.socket = " + longPath,
         "admin.socket: cannot listen on " + longPath + ": the path of a socket has"},
        {"admin.socket = " + file,
         "admin.socket: cannot listen on " + file + ": another file is in its place"},
        {"server.host = nohost.invalid",
         "server.host: cannot listen on nohost.invalid:4321: the host does not"},
        {"server.host = 192.0.2.1", "server.host: cannot listen on 192.0.2.1:4321: Cannot assign"},
        {"metrics.port = 4321", "metrics.port: cannot listen on 127.0.0.1:4321: server.port has the same"},
        {"metrics.host = nohost.invalid\nmetrics.port = 4322",
         "metrics.host: cannot listen on nohost.invalid:4322"},
        {"audit.file = /tmp", "audit.file: \"/tmp\" is a folder"},
        {"auth.jwks.snapshot = /tmp", "auth.jwks.snapshot: \"/tmp\" is not a regular file"},
        {"auth.jwks.caFile = /tmp", "auth.jwks.caFile: \"/tmp\" is a folder"},
        {"audit.file = " + file + "2\nadmin.socket = " + file + "2",
         "admin.socket: \"" + file + "2\" is the file of audit.file as well"}};
    for (const auto& [settings, why] : cases) {
        const auto config = folder.write("c.properties", "server.port = 4321\n" + settings + "\n");
        const auto checked = run(changebankd, {"--check", "--config=" + config});
        BOOST_TEST(checked.status == 78, settings);
        BOOST_TEST(checked.errors.starts_with(config + ":"), checked.errors);
        BOOST_TEST(checked.errors.find(": " + why) != std::string::npos, checked.errors);
        BOOST_TEST(run(changebankctl, {"check", config}).errors == checked.errors);
        const auto started = run(changebankd, {"--config=" + config});
        BOOST_TEST((started.status == 78 || started.status == 69), settings);
        BOOST_TEST(started.errors.find(why.substr(why.find(": ") + 2)) != std::string::npos, started.errors);
    }
}

BOOST_AUTO_TEST_CASE(checkLooksAtThePidFile) {
    const TemporaryFolder folder;
    const auto ended = run(changebankd, {"--check", "--pidfile=/nonexistent/pid", "--define=admin.socket="});
    BOOST_TEST(ended.status == 78);
    BOOST_TEST(ended.errors ==
               "--pidfile: the folder \"/nonexistent/\" cannot be written: No such file or directory\n");
    BOOST_TEST(run(changebankd, {"--check", "--pidfile=" + folder.file("pid")}).status == 0);
    BOOST_TEST(!std::filesystem::exists(folder.file("pid")));
}

BOOST_AUTO_TEST_CASE(checkWarnsOfValuesThatMatchNothing) {
    const TemporaryFolder folder;
    const auto file = folder.write("c.properties",
                                   "admin.socket =\nauth.audience = \"a\"\nroles.panic = teller # police\n");
    const auto ended = run(changebankd, {"--check", "--config=" + file}, {{"CHANGEBANK_AUTH_TENANT", "'t'"}});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.errors.find("warning: " + file + ":2: auth.audience: the quotation marks are part") !=
               std::string::npos);
    BOOST_TEST(ended.errors.find("warning: " + file + ":3: roles.panic: the text behind # is part") !=
               std::string::npos);
    BOOST_TEST(ended.errors.find("warning: environment:CHANGEBANK_AUTH_TENANT: auth.tenant: the quotation") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(aLogFileThatCannotBeOpenedIsNamedWithItsLine) {
    const TemporaryFolder folder;
    std::filesystem::create_symlink("loop", folder.file("loop"));
    for (const auto& [path, why] :
         {std::pair<std::string, std::string>{"/nonexistent/log",
                                              "the folder \"/nonexistent/\" cannot be written"},
          {folder.file("loop"), "\"" + folder.file("loop") + "\" cannot be written"},
          {"/proc/log", ""}}) {
        const auto file = folder.write("c.properties", "# a comment\nlog.target = file:" + path + "\n");
        const auto ended = run(changebankd, {"--config=" + file, "--define=server.port=0"});
        BOOST_TEST(ended.status == 78);
        BOOST_TEST(ended.errors.starts_with(file + ":2: log.target: " + why), ended.errors);
    }
}

BOOST_AUTO_TEST_CASE(settingsOfAnEarlierVersionAreToldWhatToWriteInstead) {
    const TemporaryFolder folder;
    const auto file = folder.write("c.properties", "logging.loggers.root.channel = file\n");
    const auto ended = run(changebankd, {"--check", "--config=" + file});
    BOOST_TEST(ended.status == 78);
    BOOST_TEST(ended.errors ==
               file +
                   ":1: logging.loggers.root.channel: not a setting since 1.0.0; instead: log.target = "
                   "file:PATH (upgrading.md)\n");
}

BOOST_AUTO_TEST_CASE(theAdminToolChecksAFileTheSameWay) {
    const TemporaryFolder folder;
    const auto bad = folder.write("bad.properties", "server.port = x\n");
    const auto good = folder.write("good.properties", "server.port = 1\n");
    const auto ended = run(changebankctl, {"check", bad});
    BOOST_TEST(ended.status == 78);
    BOOST_TEST(ended.errors == bad + ":1: server.port: \"x\" is not a whole number (0-65535)\n");
    BOOST_TEST(run(changebankctl, {"check", good}).status == 0);
}

BOOST_AUTO_TEST_CASE(theAdminToolChecksPiecesTheSameWay) {
    const TemporaryFolder folder;
    const auto file = folder.write("c.conf", "server.port = 4321\nadmin.socket =\n");
    const auto piece = folder.write("10.properties", "server.port = x\n");
    folder.write("20.properties.bak", "junk\n");
    const auto pieces = "--config-dir=" + folder.file("");
    for (const auto& arguments :
         {std::vector<std::string>{changebankd, "--check", "--config=" + file, pieces},
          {changebankctl, "check", file, pieces},
          {changebankctl, "check", pieces, file},
          {changebankctl, "token", "verify", "--config=" + file, pieces, "x"}}) {
        folder.write("10.properties", "auth.isuer = x\n");
        const auto ended = run(arguments[0], {arguments.begin() + 1, arguments.end()});
        BOOST_TEST(ended.status == 78);
        BOOST_TEST(ended.errors == piece + ":1: auth.isuer: unknown key; did you mean auth.issuer?\n");
        std::filesystem::remove(piece);
        const auto status = run(arguments[0], {arguments.begin() + 1, arguments.end()}).status;
        BOOST_TEST((status == 0 || arguments[1] == "token"));
    }
    // With a file of one's own there are none.
    folder.write("10.properties", "junk\n");
    BOOST_TEST(run(changebankctl, {"check", file}).status == 0);
    const auto missing =
        run(changebankd, {"--check", "--config=" + file, "--config-dir=/nonexistent/conf.d"});
    BOOST_TEST(missing.status == 78);
    BOOST_TEST(missing.errors == "/nonexistent/conf.d: cannot be read: No such file or directory\n");
    for (const auto& arguments : {std::vector<std::string>{"check", "--config-dir=", file},
                                  {"check", file, file},
                                  {"check", "--config-dir=x"},
                                  {"check", "--unknown", file}})
        BOOST_TEST(run(changebankctl, arguments).status == 64);
}

BOOST_AUTO_TEST_CASE(printedSettingsNameTheirPiece) {
    const TemporaryFolder folder;
    const auto file = folder.write("c.conf", "auth.cookie = main\nauth.leeway = 1s\n");
    const auto piece = folder.write("a.properties", "\nauth.cookie = piece\n");
    const auto printed =
        run(changebankd, {"--print-config", "--config=" + file, "--config-dir=" + folder.file("")}).output;
    BOOST_TEST(printed.find("# from " + piece + ":2\nauth.cookie = piece\n") != std::string::npos);
    BOOST_TEST(printed.find("# from " + file + ":2\nauth.leeway = 1s\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(theAdminToolKnowsItsCommands) {
    BOOST_TEST(run(changebankctl, {}).status == 64);
    BOOST_TEST(run(changebankctl, {"check"}).status == 64);
    BOOST_TEST(run(changebankctl, {"frobnicate"}).status == 64);
    BOOST_TEST(run(changebankctl, {"frobnicate"}).errors.find("frobnicate") != std::string::npos);
    const auto help = run(changebankctl, {"--help"});
    BOOST_TEST(help.status == 0);
    BOOST_TEST(help.output.find("check FILE") != std::string::npos);
    BOOST_TEST(run(changebankctl, {"--version"}).output.find("changebankctl ") == 0U);
}

BOOST_AUTO_TEST_CASE(settingsInEffectArePrintedWithTheirPlaces) {
    const TemporaryFolder folder;
    const auto file = folder.write("x.properties", "auth.cookie = biscuit\n");
    const auto ended = run(changebankd, {"--print-config", "--config=" + file, "--define=server.port=0"},
                           {{"CHANGEBANK_LOG_LEVEL", "debug"}});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(ended.output.find("# from --define\nserver.port = 0\n") != std::string::npos);
    BOOST_TEST(ended.output.find("# from " + file + ":1\nauth.cookie = biscuit\n") != std::string::npos);
    BOOST_TEST(ended.output.find("# from environment:CHANGEBANK_LOG_LEVEL\nlog.level = debug\n") !=
               std::string::npos);
    BOOST_TEST(run(changebankd, {"--print-config"}, {{"CHANGEBANK_SERVER_PORT", "x"}}).status == 78);
}

BOOST_AUTO_TEST_CASE(checkSurvivesLongFilesOfRandomSettings) {
    const std::vector<std::string> keys{"server.port",         "server.threads",   "server.tls.certificate",
                                        "server.maxBodyBytes", "auth.algorithms",  "auth.jwks.uri",
                                        "auth.jwks.maxAge",    "auth.jwks.caFile", "auth.leeway",
                                        "roles.panic",         "log.level",        "audit.file",
                                        "admin.socket",        "metrics.port",     "unknown.key",
                                        "log.target",          "logging"};
    const std::vector<std::string> values{"",
                                          "0",
                                          "-1",
                                          "65536",
                                          "99999999999999999999999",
                                          "5s",
                                          "10m",
                                          "64KiB",
                                          "true",
                                          "RS256",
                                          "RS256,ES256",
                                          ",,,",
                                          "a,b,c",
                                          "/nonexistent/x",
                                          "/etc/passwd",
                                          "http://127.0.0.1:1/x",
                                          "https://",
                                          "file:/proc/x",
                                          "syslog",
                                          "\\",
                                          "\\x",
                                          "${a}",
                                          "${${",
                                          "\xff\xfe",
                                          std::string(2000, 'x'),
                                          "x\ty"};
    std::mt19937 random(20261124);
    const auto below = [&](std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
    };
    const TemporaryFolder folder;
    for (int round = 0; round < 15; ++round) {
        std::string content;
        for (int line = 0; line < 1000; ++line) {
            // Most keys are used up soon, so that some are made up; bytes may be anything.
            auto key = below(4) == 0 ? "unknown.c" + std::to_string(below(500)) : keys[below(keys.size())];
            auto value = values[below(values.size())];
            if (below(10) == 0) value += static_cast<char>(below(256));
            content += below(20) == 0 ? value + "\n" : key + (below(2) == 0 ? " = " : ":") + value + "\n";
        }
        const auto ended = run(changebankd, {"--check", "--config=" + folder.write("c.properties", content)});
        BOOST_TEST(ended.status == 78, "round " << round << ": status " << ended.status << "\n"
                                                << ended.errors);
        BOOST_TEST(ended.errors.find("logging: unknown key") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(theShippedFileIsGood) {
    BOOST_TEST(run(changebankd, {"--check", "--config=" CHANGEBANK_SOURCE_DIR "/etc/changebank.properties"})
                   .status == 0);
}

BOOST_AUTO_TEST_CASE(helpAndVersionAnswer) {
    const auto help = run(changebankd, {"--help"});
    BOOST_TEST(help.status == 0);
    BOOST_TEST(help.output.find("--config=FILE") != std::string::npos);
    const auto version = run(changebankd, {"--version"});
    BOOST_TEST(version.status == 0);
    BOOST_TEST(version.output.find("changebankd ") == 0U);
}

BOOST_AUTO_TEST_CASE(misuseEndsWith64) {
    for (const std::string argument :
         {"--bogus", "--conf=x", "start", "--umask=9", "--config", "-d", "--check=1"}) {
        const auto ended = run(changebankd, {argument});
        BOOST_TEST(ended.status == 64, argument);
        BOOST_TEST(ended.errors.find("see changebankd --help") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(noFileIsSearchedBesideTheProgram) {
    // POCO's own search would find a file of the program's name beside it or in a folder above.
    const TemporaryFolder folder;
    folder.write("changebankd.properties", "server.prot = 1\n");
    const auto ended = run("/bin/sh", {"-c", "cd '" + folder.file("") + "' && ln -s '" + changebankd +
                                                 "' changebankd && ./changebankd --check"});
    BOOST_TEST(ended.status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
