#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "changebank/base/system/Sha256.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/UtcText.h"
#include "tests/integration/ControlProcess.h"
#include "tests/integration/DaemonProcess.h"
#include "tests/support/Contains.h"
#include "tests/support/TestCertificate.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

struct Result {
    int status;
    std::string output;
};

Result curl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--silent", "--show-error", "--max-time", "20"});
    Process process("curl", arguments);
    const auto status = process.wait();
    return {status.value_or(-1), process.output()};
}

/// The `x5t#S256` of a certificate (RFC 8705 section 3.1), by OpenSSL's own program.
std::string thumbprintOf(const TestCertificate& certificate) {
    Process process("openssl", {"x509", "-in", certificate.certificateFile(), "-outform", "DER"});
    process.wait();
    return changebank::encodeBase64Url(changebank::sha256(process.output()));
}

/// The certificate that a listener shows, as text.
std::string shownCertificate(std::uint16_t port) {
    Process process("openssl", {"s_client", "-connect", "127.0.0.1:" + std::to_string(port)});
    process.wait();
    const auto output = process.output();
    const auto begin = output.find("-----BEGIN CERTIFICATE-----");
    const auto end = output.find("-----END CERTIFICATE-----");
    return begin == std::string::npos || end == std::string::npos ? "" : output.substr(begin, end - begin);
}

struct Fixture {
    TestCertificate certificate;
    ScriptedKeyServer keys{goodKeys()};

    std::string settings(const std::string& more = {}) const {
        return "auth.jwks.uri = " + keys.uri() +
               "\nserver.tls.certificate = " + certificate.certificateFile() +
               "\nserver.tls.key = " + certificate.keyFile() + "\n" + more;
    }

    static std::string address(const DaemonProcess& daemon, const std::string& path) {
        return "https://localhost:" + std::to_string(daemon.port()) + path;
    }

    std::vector<std::string> trusted(const DaemonProcess& daemon, const std::string& path) const {
        return {"--cacert", certificate.certificateFile(), "--resolve",
                "localhost:" + std::to_string(daemon.port()) + ":127.0.0.1", address(daemon, path)};
    }

    /// Whether the daemon answers a client with that certificate, or without one.
    bool admits(const DaemonProcess& daemon, const TestCertificate* client,
                const std::vector<std::string>& more = {}) const {
        auto arguments = trusted(daemon, "/livez");
        arguments.push_back("--fail");
        if (client != nullptr)
            arguments.insert(arguments.end(),
                             {"--cert", client->certificateFile(), "--key", client->keyFile()});
        arguments.insert(arguments.end(), more.begin(), more.end());
        return curl(arguments).status == 0;
    }

    /// The faults that --check names for some settings.
    static std::string faultsOf(const std::string& settings) {
        const TemporaryFolder folder;
        std::ofstream(folder.file("c.properties")) << settings;
        Process check(changebankd, {"--check", "--config=" + folder.file("c.properties")});
        BOOST_TEST(check.wait().value_or(-1) == 78);
        return check.errors();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonTlsTest, Fixture)

BOOST_AUTO_TEST_CASE(servesHttps) {
    const DaemonProcess daemon(settings());
    auto arguments = trusted(daemon, "/make-change?total=1.02");
    arguments.insert(arguments.end(),
                     {"--header", "Authorization: Bearer " + goodToken("teller").signedBy(signingKey())});
    BOOST_TEST(curl(arguments).output == R"({"total":1.02,"nickels":20,"pennies":2})");
}

BOOST_AUTO_TEST_CASE(plainHttpIsToldToUseHttps) {
    const DaemonProcess daemon(settings());
    const auto told = curl({"--include", "http://127.0.0.1:" + std::to_string(daemon.port()) + "/livez"});
    BOOST_TEST(told.status == 0);
    BOOST_TEST(told.output.starts_with("HTTP/1.1 400 "));
    BOOST_TEST(
        told.output.ends_with("\r\n\r\n"
                              R"({"error":"This port speaks HTTPS: use https://"})"));
}

BOOST_AUTO_TEST_CASE(browsersAreToldToStayWithHttps) {
    DaemonProcess daemon(settings());
    const auto strictness = [&](const std::string& path, const std::string& host) {
        const auto answer = curl({"--insecure", "--include", "--header", "Host: " + host,
                                  "https://127.0.0.1:" + std::to_string(daemon.port()) + path})
                                .output;
        const std::string field = "\r\nStrict-Transport-Security: ";
        const auto at = answer.find(field);
        if (at == std::string::npos) return std::string("none");
        const auto start = at + field.size();
        return answer.substr(start, answer.find("\r\n", start) - start);
    };
    for (const std::string path : {"/", "/livez", "/make-change?total=1", "/%"})
        BOOST_TEST(strictness(path, "api.example.com") == "max-age=15552000", path);
    BOOST_TEST(strictness("/", "localhost") == "none");

    daemon.rewrite(settings("server.tls.hstsMaxAge = 1s\n"));
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("settings reloaded", 30s));
    BOOST_TEST(strictness("/", "api.example.com") == "max-age=1");
}

BOOST_AUTO_TEST_CASE(operatorsSeeWhenTheCertificateExpires) {
    const auto expiryOf = [](const TestCertificate& shown) {
        Process process("openssl", {"x509", "-in", shown.certificateFile(), "-noout", "-enddate", "-dateopt",
                                    "iso_8601"});
        process.wait();
        auto text = process.output().substr(std::string("notAfter=").size());
        text[text.find(' ')] = 'T';
        return text.substr(0, text.find('\n'));
    };
    const DaemonProcess daemon(settings());
    const auto shows = [&](const std::string& expiry) {
        const auto status = control(daemon, {"status"}).output;
        BOOST_TEST(has(status, " (TLS, certificate until " + expiry + ")\n"), status);
        const auto metrics = control(daemon, {"metrics"}).output;
        const std::string sample = "\nchangebank_tls_certificate_expiry_timestamp_seconds{listener=\"api\"} ";
        const auto at = metrics.find(sample);
        BOOST_REQUIRE(at != std::string::npos);
        const std::chrono::seconds time(std::stoll(metrics.substr(at + sample.size())));
        BOOST_TEST(changebank::utcText(std::chrono::sys_seconds(time)) == expiry);
    };
    shows(expiryOf(certificate));

    const TestCertificate renewed(TestCertificate::Recipe{.validFor = 48h});
    for (const auto& [from, to] : {std::pair{renewed.certificateFile(), certificate.certificateFile()},
                                   std::pair{renewed.keyFile(), certificate.keyFile()}})
        std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    shows(expiryOf(renewed));
}

BOOST_AUTO_TEST_CASE(anExpiredCertificateIsAWarning) {
    const TestCertificate expired(TestCertificate::Recipe{.validFor = -1min});
    const TemporaryFolder folder;
    std::ofstream(folder.file("c.properties"))
        << "server.port = 0\nadmin.socket =\nserver.tls.certificate = " << expired.certificateFile()
        << "\nserver.tls.key = " << expired.keyFile() << "\n";
    Process check(changebankd, {"--check", "--config=" + folder.file("c.properties")});
    BOOST_TEST(check.wait().value_or(-1) == 0);
    BOOST_TEST(has(check.errors(), "warning: "));
    BOOST_TEST(has(check.errors(), ":3: server.tls.certificate: expired at 20"));
}

BOOST_AUTO_TEST_CASE(refusesOldProtocols) {
    const DaemonProcess daemon(settings());
    auto arguments = trusted(daemon, "/livez");
    arguments.insert(arguments.end(), {"--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"});
    BOOST_TEST(curl(arguments).status != 0);
    arguments = trusted(daemon, "/livez");
    arguments.insert(arguments.end(), {"--tls-max", "1.2"});
    BOOST_TEST(curl(arguments).status == 0);
}

BOOST_AUTO_TEST_CASE(wantsACertificateOfClientsWhereItIsSet) {
    const TestCertificate client;
    const DaemonProcess daemon(settings("server.tls.clientCa = " + client.certificateFile() + "\n"));
    const TestCertificate stranger;
    BOOST_TEST(!admits(daemon, nullptr));
    BOOST_TEST(admits(daemon, &client));
    BOOST_TEST(!admits(daemon, &stranger));
}

BOOST_AUTO_TEST_CASE(aRequestedCertificateMayBeAnyOrNone) {
    const TestCertificate client;
    const TestCertificate expired(TestCertificate::Recipe{.validFor = -1min});
    const DaemonProcess daemon(settings("server.tls.clientCertificates = request\n"));
    for (const std::string version : {"1.2", "1.3"}) {
        BOOST_TEST(admits(daemon, nullptr, {"--tls-max", version}));
        BOOST_TEST(admits(daemon, &client, {"--tls-max", version}));
        BOOST_TEST(admits(daemon, &expired, {"--tls-max", version}));
    }
}

BOOST_AUTO_TEST_CASE(aRequestedCertificateIsIssuedByTheAuthoritiesThatAreSet) {
    const TestCertificate client;
    const TestCertificate stranger;
    const DaemonProcess daemon(settings(
        "server.tls.clientCertificates = request\nserver.tls.clientCa = " + client.certificateFile() + "\n"));
    BOOST_TEST(admits(daemon, nullptr));
    BOOST_TEST(admits(daemon, &client));
    BOOST_TEST(!admits(daemon, &stranger));
}

BOOST_AUTO_TEST_CASE(aReloadRequiresCertificatesOfResumedSessionsToo) {
    const TestCertificate client;
    const TemporaryFolder folder;
    const auto session = folder.file("session");
    DaemonProcess daemon(settings("server.tls.clientCertificates = request\n"));
    const auto handshake = [&](const std::string& option) {
        Process process("openssl", {"s_client", "-tls1_2", "-connect",
                                    "127.0.0.1:" + std::to_string(daemon.port()), option, session});
        process.wait();
        return process.output();
    };
    BOOST_TEST(admits(daemon, nullptr));
    BOOST_TEST(handshake("-sess_out").find("New, TLSv1.2") != std::string::npos);
    BOOST_TEST(handshake("-sess_in").find("Reused, TLSv1.2") != std::string::npos);

    daemon.rewrite(settings(
        "server.tls.clientCertificates = require\nserver.tls.clientCa = " + client.certificateFile() + "\n"));
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("settings reloaded", 30s));
    BOOST_TEST(!admits(daemon, nullptr));
    BOOST_TEST(admits(daemon, &client));
    BOOST_TEST(handshake("-sess_in").find("Reused, TLSv1.2") == std::string::npos);
}

// RFC 8705 section 3: a stolen token is worthless without the certificate's key.
BOOST_AUTO_TEST_CASE(aTokenOfACertificateIsGoodWithThatCertificateOnly) {
    const TestCertificate client;
    const TestCertificate thief;
    const DaemonProcess daemon(settings("server.tls.clientCertificates = request\n"));
    const auto bound = goodToken("teller")
                           .claim("cnf", R"({"x5t#S256":")" + thumbprintOf(client) + R"("})")
                           .signedBy(signingKey());
    const auto ask = [&](const TestCertificate* shown, const std::string& version) {
        auto arguments = trusted(daemon, "/make-change?total=1");
        arguments.insert(arguments.end(),
                         {"--header", "Authorization: Bearer " + bound, "--tls-max", version});
        if (shown != nullptr)
            arguments.insert(arguments.end(),
                             {"--cert", shown->certificateFile(), "--key", shown->keyFile()});
        return curl(arguments).output;
    };
    for (const std::string version : {"1.2", "1.3"}) {
        BOOST_TEST(ask(&client, version) == R"({"total":1,"nickels":20,"pennies":0})");
        BOOST_TEST(ask(&thief, version).find("ERR_CERTIFICATE_MISMATCH") != std::string::npos);
        BOOST_TEST(ask(nullptr, version).find("ERR_CERTIFICATE_MISSING") != std::string::npos);
        BOOST_TEST(ask(&client, version) == R"({"total":1,"nickels":20,"pennies":0})");
    }
}

BOOST_AUTO_TEST_CASE(aReloadShowsNewCertificates) {
    DaemonProcess daemon(settings());
    const auto before = shownCertificate(daemon.port());
    BOOST_TEST(!before.empty());
    const TestCertificate next;
    const auto overwrite = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(next.certificateFile(), certificate.certificateFile(), overwrite);
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("server.tls.certificate: .*does not belong", 30s));
    BOOST_TEST(shownCertificate(daemon.port()) == before);
    std::filesystem::copy_file(next.keyFile(), certificate.keyFile(), overwrite);
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("settings reloaded", 30s));
    const auto after = shownCertificate(daemon.port());
    BOOST_TEST(!after.empty());
    BOOST_TEST(after != before);
}

BOOST_AUTO_TEST_CASE(aReloadReadsTheClientsAuthoritiesAgain) {
    const TemporaryFolder folder;
    const TestCertificate first;
    const TestCertificate second;
    const auto authorities = folder.file("clients");
    std::filesystem::copy_file(first.certificateFile(), authorities);
    DaemonProcess daemon(settings("server.tls.clientCa = " + authorities + "\n"));
    BOOST_TEST(admits(daemon, &first));
    BOOST_TEST(!admits(daemon, &second));
    std::filesystem::copy_file(second.certificateFile(), authorities,
                               std::filesystem::copy_options::overwrite_existing);
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("settings reloaded", 30s));
    BOOST_TEST(!admits(daemon, &first));
    BOOST_TEST(admits(daemon, &second));
}

BOOST_AUTO_TEST_CASE(faultyFilesAreNamed) {
    BOOST_TEST(faultsOf("server.tls.certificate = " + certificate.certificateFile() + "\n")
                   .find("server.tls.certificate: needs server.tls.key") != std::string::npos);
    BOOST_TEST(faultsOf("server.tls.key = " + certificate.keyFile() + "\n")
                   .find("server.tls.key: needs server.tls.certificate") != std::string::npos);
    BOOST_TEST(faultsOf("server.tls.clientCertificates = require\n")
                   .find("server.tls.clientCertificates: is require, which needs server.tls.clientCa") !=
               std::string::npos);
    BOOST_TEST(faultsOf("server.tls.clientCa = /x.pem\n")
                   .find("server.tls.clientCa: needs server.tls.certificate") != std::string::npos);
    const auto missing = faultsOf("server.tls.certificate = /no/such.pem\nserver.tls.key = /no/such.key\n");
    for (const std::string fault :
         {":1: server.tls.certificate: \"/no/such.pem\" cannot be read: No such file or directory\n",
          ":2: server.tls.key: \"/no/such.key\" cannot be read: No such file or directory\n"})
        BOOST_TEST(missing.find(fault) != std::string::npos, missing);
    BOOST_TEST(faultsOf("server.tls.certificate = " + certificate.keyFile() +
                        "\nserver.tls.key = " + certificate.keyFile() + "\n")
                   .find("cannot use the TLS certificate " + certificate.keyFile()) != std::string::npos);
    const TestCertificate other;
    BOOST_TEST(faultsOf("server.tls.certificate = " + certificate.certificateFile() +
                        "\nserver.tls.key = " + other.keyFile() + "\n")
                   .find("does not belong") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
