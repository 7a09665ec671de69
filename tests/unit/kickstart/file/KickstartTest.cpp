#include "changebank/kickstart/file/Kickstart.h"

#include <Poco/TemporaryFile.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "changebank/kickstart/file/KickstartFault.h"
#include "changebank/kickstart/values/Uuid.h"

using changebank::kickstart::Kickstart;
using changebank::kickstart::KickstartFault;
using changebank::kickstart::Uuid;

namespace {

struct Fixture {
    Fixture() { std::filesystem::create_directories(folder); }
    ~Fixture() { std::filesystem::remove_all(folder); }

    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::ofstream(folder / name) << text;
        return folder / name;
    }

    Kickstart read(const std::string& text) {
        return Kickstart::read(write("kickstart.json", text), [](const std::string& name) {
            return name == "BRANCH" ? std::optional<std::string>("Denver") : std::nullopt;
        });
    }

    /// A kickstart with these requests, and the variables `a` = "1" and `id`.
    Kickstart readRequests(const std::string& requests) {
        return read(R"({"variables":{"a":"1","id":"#{UUID()}"},"apiKeys":[{"key":"k"}],"requests":)" +
                    requests + "}");
    }

    /// The message for an invalid kickstart, after the name of its file.
    std::string faultOf(const std::string& text) {
        try {
            read(text);
        } catch (const KickstartFault& fault) {
            const std::string file = (folder / "kickstart.json").string() + ": ";
            BOOST_TEST(std::string(fault.what()).starts_with(file));
            return std::string(fault.what()).substr(file.size());
        }
        return "no fault";
    }

    std::filesystem::path folder{Poco::TemporaryFile::tempName()};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(KickstartTest, Fixture)

BOOST_AUTO_TEST_CASE(TheProjectsOwnIsComplete) {
    const auto kickstart = Kickstart::read(CHANGEBANK_SOURCE_DIR "/kickstart/kickstart.json",
                                           [](const std::string&) { return std::nullopt; });
    BOOST_TEST(kickstart.ids.tenant.toText() == "d7d09513-a3f5-401c-9685-34ab6c552453");
    BOOST_TEST(kickstart.apiKeys.size() == 1U);
    BOOST_TEST(kickstart.apiKeys.front().matches(kickstart.firstApiKey));
    BOOST_REQUIRE_EQUAL(kickstart.requests.size(), 6U);
    for (const auto& request : kickstart.requests) {
        // A current FusionAuth answers 401 to a tenant on its global APIs.
        BOOST_TEST(!request.tenantId, request.place);
        BOOST_TEST(!request.url.starts_with("/api/system-configuration"), request.place);
    }
}

BOOST_AUTO_TEST_CASE(ReplacesInEveryString) {
    const auto kickstart = readRequests(
        R"([{"method":"PATCH","url":"api/tenant/#{a}","tenantId":"#{id}","body":{"x":["#{a}",{"y":"-#{ENV.BRANCH}"}],"z":7}}])");
    BOOST_REQUIRE_EQUAL(kickstart.requests.size(), 1U);
    const auto& request = kickstart.requests[0];
    BOOST_TEST(request.place == "requests[0]");
    BOOST_TEST(request.method == "PATCH");
    BOOST_TEST(request.url == "/api/tenant/1");
    BOOST_TEST(request.body == R"({"x":["1",{"y":"-Denver"}],"z":7})");
    BOOST_TEST(Uuid::parse(*request.tenantId).has_value());
}

BOOST_AUTO_TEST_CASE(AVariablesUuidIsMadeOnce) {
    const auto kickstart = readRequests(
        R"([{"method":"POST","url":"/#{id}"},{"method":"POST","url":"/#{id}","body":null},{"method":"POST","url":"/#{UUID()}"}])");
    BOOST_TEST(kickstart.requests[0].url == kickstart.requests[1].url);
    BOOST_TEST(kickstart.requests[0].url != kickstart.requests[2].url);
    BOOST_TEST(kickstart.requests[0].body.empty());
    BOOST_TEST(kickstart.requests[1].body.empty());
}

BOOST_AUTO_TEST_CASE(KnowsFusionAuthsOwnVariables) {
    const auto kickstart = read(
        R"({"variables":{"defaultTenantId":"11111111-1111-1111-1111-111111111111"},"apiKeys":[{"key":"k"}],)"
        R"("requests":[{"method":"POST","url":"/#{FUSIONAUTH_TENANT_ID}/#{FUSIONAUTH_APPLICATION_ID}"},)"
        R"({"method":"POST","url":"/#{FUSIONAUTH_DEFAULT_SIGNING_KEY_ID}"}]})");
    BOOST_TEST(kickstart.requests[0].url ==
               "/11111111-1111-1111-1111-111111111111/3c219e58-ed0e-4b18-ad48-f4f92793ae32");
    BOOST_TEST(kickstart.ids.tenant.toText() == "11111111-1111-1111-1111-111111111111");
    BOOST_TEST(kickstart.requests[1].url == "/" + kickstart.ids.signingKey.toText());
}

BOOST_AUTO_TEST_CASE(IncludesTextOfFiles) {
    write("style.css", "a { b: \"c\" }\n");
    const auto kickstart =
        readRequests(R"([{"method":"POST","url":"/api/theme","body":{"css":"@{style.css}","a":"#{a}"}}])");
    BOOST_TEST(kickstart.requests[0].body == R"({"css":"a { b: \"c\" }\u000a","a":"1"})");
}

BOOST_AUTO_TEST_CASE(IncludesJsonOfFilesAsAWholeString) {
    write("request.json", R"({"method":"POST","url":"/api/#{a}","body":"&{body.json}"})");
    write("body.json", R"({"x":"#{a}","y":["&{word.json}","a &{word.json}","\\&{word.json}"]})");
    write("word.json", "\"word\"");
    const auto kickstart = readRequests(R"(["&{request.json}"])");
    BOOST_REQUIRE_EQUAL(kickstart.requests.size(), 1U);
    BOOST_TEST(kickstart.requests[0].url == "/api/1");
    BOOST_TEST(kickstart.requests[0].body == R"({"x":"1","y":["word","a &{word.json}","&{word.json}"]})");
}

BOOST_AUTO_TEST_CASE(LeavesOutARequestWhoseFileIsMissingInvalidOrIncludesItself) {
    write("itself.json", R"({"method":"POST","url":"/","body":"&{itself.json}"})");
    write("broken.json", "{");
    const auto kickstart =
        readRequests(R"(["&{none.json}","&{broken.json}","&{itself.json}",{"method":"POST","url":"/left"}])");
    BOOST_REQUIRE_EQUAL(kickstart.requests.size(), 1U);
    BOOST_TEST(kickstart.requests[0].url == "/left");
    BOOST_TEST(kickstart.requests[0].place == "requests[3]");
    BOOST_REQUIRE_EQUAL(kickstart.omissions.size(), 3U);
    BOOST_TEST(kickstart.omissions[0].ends_with("none.json: the file cannot be read; left out"));
    BOOST_TEST(kickstart.omissions[1].find("broken.json: 1:2: invalid JSON") != std::string::npos);
    BOOST_TEST(kickstart.omissions[2].find("&{itself.json}: the files include each other") !=
               std::string::npos);
}

// Every API key has all permissions here, so a restricted one is left out; the requests need the first one.
BOOST_AUTO_TEST_CASE(ARestrictedKeyIsLeftOut) {
    for (const char* member : {"permissions", "tenantId"}) {
        const auto restricted = R"({"key":"r",")" + std::string(member) + R"(":{}})";
        const auto unknown = "unknown member \"" + std::string(member) + "\"";
        BOOST_TEST(faultOf(R"({"apiKeys":[)" + restricted + "]}") == "apiKeys[0]: " + unknown);
        const auto kickstart = read(R"({"apiKeys":[{"key":"k"},)" + restricted + R"(,{"key":"l"}]})");
        BOOST_TEST(kickstart.apiKeys.size() == 2U);
        BOOST_TEST(kickstart.firstApiKey == "k");
        BOOST_REQUIRE_EQUAL(kickstart.omissions.size(), 1U);
        BOOST_TEST(kickstart.omissions[0].ends_with(": apiKeys[1]: " + unknown + "; left out"));
    }
}

BOOST_AUTO_TEST_CASE(NamesThePlaceOfAnError) {
    BOOST_TEST(faultOf("{\n  \"apiKeys\": [}\n").starts_with("2:15: invalid JSON"));
    BOOST_TEST(faultOf("{\"a\":1,\n\"a\":2}").starts_with("2:7: "));
    BOOST_TEST(faultOf("{} {}").starts_with("1:4: "));
    BOOST_TEST(faultOf(" ").starts_with("1:2: "));
    BOOST_TEST(faultOf("[]") == "must be an object");
    BOOST_TEST(faultOf("{}").starts_with("apiKeys: at least one API key is required"));
    BOOST_TEST(faultOf(R"({"apiKeys":[]})").starts_with("apiKeys: "));
    BOOST_TEST(faultOf(R"({"apiKeys":[{"description":"x"}]})") ==
               "apiKeys[0].key: must be a string and not empty");
    BOOST_TEST(faultOf(R"({"apiKey":[]})") == "unknown member \"apiKey\"");
    BOOST_TEST(faultOf(R"({"variables":[]})") == "variables: must be an object");
    BOOST_TEST(faultOf(R"({"variables":{"a":{}}})") == "variables.a: must be a string");
    BOOST_TEST(faultOf(R"({"variables":{"a":"#{b}"}})") == "variables.a: the variable \"b\" is not defined");
    BOOST_TEST(faultOf(R"({"variables":{"defaultTenantId":"x"}})") ==
               "variables.defaultTenantId: must be a UUID");
}

BOOST_AUTO_TEST_CASE(NamesTheRequestWithAnErrorAndLeavesItOut) {
    const auto fault = [this](const std::string& request) {
        const auto kickstart = readRequests(R"([{"method":"POST","url":"/"},)" + request + "]");
        BOOST_TEST(kickstart.requests.size() == 1U);
        BOOST_REQUIRE_EQUAL(kickstart.omissions.size(), 1U);
        const auto& line = kickstart.omissions[0];
        const auto file = (folder / "kickstart.json").string() + ": ";
        BOOST_TEST(line.starts_with(file));
        BOOST_TEST(line.ends_with("; left out"));
        return line.substr(file.size(), line.rfind(';') - file.size());
    };
    BOOST_TEST(fault("7") == "requests[1]: must be an object");
    BOOST_TEST(fault(R"({"url":"/"})") == "requests[1].method: must be a string and not empty");
    BOOST_TEST(fault(R"({"method":"GET","url":"/"})") ==
               "requests[1].method: \"GET\" is not POST, PUT or PATCH");
    BOOST_TEST(fault(R"({"method":"POST","url":"/","boby":{}})") == "requests[1]: unknown member \"boby\"");
    BOOST_TEST(fault(R"({"method":"POST","url":"/","body":{"user":{"email":["#{nobody}"]}}})") ==
               "requests[1].body.user.email[0]: the variable \"nobody\" is not defined");
    BOOST_TEST(fault(R"({"method":"POST","url":"/","body":{"x":"@{gone.txt}"}})") ==
               "requests[1].body.x: the file \"gone.txt\" cannot be read");
    BOOST_TEST(faultOf(R"({"apiKeys":[{"key":"k"}],"requests":{}})") == "requests: must be an array");
}

BOOST_AUTO_TEST_CASE(NamesAMissingFile) {
    BOOST_CHECK_EXCEPTION(
        Kickstart::read(folder / "none.json", nullptr), KickstartFault, [&](const auto& fault) {
            return fault.what() == (folder / "none.json").string() + ": the file cannot be read";
        });
    BOOST_CHECK_THROW(Kickstart::read(folder, nullptr), KickstartFault);
}

BOOST_AUTO_TEST_SUITE_END()
