#include "changebank/daemon/settings/TraceSettings.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "changebank/daemon/settings/SettingsReader.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

const std::string local = "trace.endpoint=http://localhost:4318/v1/traces";

ParsedSettings read(std::vector<std::string> defines) {
    SettingsSources sources;
    sources.defines = std::move(defines);
    return readSettings(sources);
}

std::string faultsOf(std::vector<std::string> defines) {
    std::string text;
    for (const auto& fault : read(std::move(defines)).faults)
        text += fault.key + ": " + fault.why + "\n";
    return text;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct Fixture {
    std::string fileWith(const std::string& content) const {
        std::ofstream(folder.file("headers")) << content;
        ::chmod(folder.file("headers").c_str(), 0600);
        return "trace.headersFile=" + folder.file("headers");
    }
    const TemporaryFolder folder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TraceSettingsTest, Fixture)

BOOST_AUTO_TEST_CASE(byDefaultThereAreNoSpans) {
    const auto parsed = read({});
    BOOST_TEST(parsed.ok());
    BOOST_TEST(parsed.settings.trace.endpoint.empty());
    BOOST_TEST(!parsed.settings.trace.sampling.isOn);
    const auto unused = read({"trace.ratio=1"});
    BOOST_TEST(!unused.settings.trace.sampling.isOn);
    BOOST_TEST(unused.notes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(anEndpointTurnsThemOn) {
    const auto parsed = read({local, "trace.ratio=0.5"});
    BOOST_TEST(parsed.ok());
    BOOST_TEST((parsed.settings.trace.sampling == TraceSampling::ofRatio(0.5)));
    BOOST_TEST(parsed.settings.trace.queue == 2048U);
    BOOST_TEST(parsed.settings.trace.serviceName == "changebank");
}

BOOST_AUTO_TEST_CASE(anEndpointIsAUrlThatOthersCannotRead) {
    for (const std::string bad : {"localhost:4318", "ftp://localhost/", "http://u:p@localhost/",
                                  "http://localhost/#f", "http://collector:4318/v1/traces"})
        BOOST_TEST(has(faultsOf({"trace.endpoint=" + bad}), "trace.endpoint: "), bad);
    BOOST_TEST(faultsOf({"trace.endpoint=https://collector/v1/traces"}) == "");
    BOOST_TEST(faultsOf({"trace.endpoint=http://collector/v1/traces", "trace.allowHttp=true"}) == "");
}

BOOST_AUTO_TEST_CASE(aRatioIsFromZeroToOne) {
    for (const std::string good : {"0", "1", "0.25", "1.0"})
        BOOST_TEST(faultsOf({local, "trace.ratio=" + good}) == "", good);
    for (const std::string bad : {"", "-0.1", "1.1", "nan", "1e-1", "0,5", "50%"})
        BOOST_TEST(has(faultsOf({local, "trace.ratio=" + bad}), "trace.ratio: "), bad);
}

BOOST_AUTO_TEST_CASE(fieldsAreReadFromAFile) {
    const auto parsed = read({local, fileWith("# a comment\n\nAuthorization: Bearer s\r\nX-Tenant:bank")});
    BOOST_TEST(parsed.ok());
    const std::vector<std::pair<std::string, std::string>> expected{{"Authorization", "Bearer s"},
                                                                    {"X-Tenant", "bank"}};
    BOOST_TEST((parsed.settings.trace.headers == expected));
}

BOOST_AUTO_TEST_CASE(aFileWithAnythingElseIsAFaultThatShowsNothing) {
    for (const std::string bad : {"sesame", "Author ization: sesame", "A:", ": sesame", "Host: sesame",
                                  "content-type: sesame", "A: sesame\x01", "Ok: 1\nsesame"}) {
        const auto faults = faultsOf({local, fileWith(bad)});
        BOOST_TEST(has(faults, "trace.headersFile: "), bad);
        BOOST_TEST(!has(faults, "sesame"), faults);
    }
    fileWith("A: b");
    ::chmod(folder.file("headers").c_str(), 0644);
    BOOST_TEST(has(faultsOf({local, "trace.headersFile=" + folder.file("headers")}), "trace.headersFile: "));
    BOOST_TEST(has(faultsOf({"trace.endpoint=http://collector/", "trace.allowHttp=true", fileWith("A: b")}),
                   "would be sent over plain http"));
    BOOST_TEST(has(faultsOf({local, "trace.caFile=/nonexistent"}), "trace.caFile: "));
}

BOOST_AUTO_TEST_SUITE_END()
