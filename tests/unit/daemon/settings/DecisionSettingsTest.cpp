#include "changebank/daemon/settings/DecisionSettings.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "changebank/daemon/settings/SettingsReader.h"
#include "changebank/daemon/settings/SettingsText.h"
#include "tests/support/TemporaryFolder.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::TemporaryFolder;

namespace {

const std::string onSocket = "decision.listen=/run/changebank/decision.sock";

ParsedSettings readDefines(std::vector<std::string> defines) {
    SettingsSources sources;
    sources.defines = std::move(defines);
    return readSettings(sources);
}

std::string textOf(const std::vector<SettingFault>& faults) {
    std::string text;
    for (const auto& fault : faults)
        text += fault.toText() + "\n";
    return text;
}

std::string faultsOf(std::vector<std::string> defines) {
    return textOf(readDefines(std::move(defines)).faults);
}

std::string notesOf(std::vector<std::string> defines) {
    std::string text;
    for (const auto& note : readDefines(std::move(defines)).notes)
        text += note + "\n";
    return text;
}

/// `NUMBER RULE`, a line each.
std::string rulesOf(const ParsedSettings& parsed) {
    std::string text;
    for (const auto& rule : parsed.settings.decision.rules)
        text += std::to_string(rule.number) + " " + rule.toText() + "\n";
    return text;
}

struct Fixture {
    SettingsSources inFile(const std::string& text) const {
        SettingsSources sources;
        sources.file = folder.write("test.properties", text);
        return sources;
    }

    TemporaryFolder folder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DecisionSettingsTest, Fixture)

BOOST_AUTO_TEST_CASE(byDefaultNobodyIsAsked) {
    const auto parsed = readDefines({});
    BOOST_TEST(!parsed.settings.decision.listen.has_value());
    BOOST_TEST((parsed.settings.decision.convention == handlers::RequestConvention::forwarded));
    BOOST_TEST(parsed.settings.decision.rules.empty());
    BOOST_TEST(parsed.notes.empty());
}

BOOST_AUTO_TEST_CASE(aListenerIsAPathOrAHostWithAPort) {
    const std::string rule = "decision.rule.1=GET /a public";
    const auto parsed = readDefines({onSocket, rule});
    BOOST_TEST(parsed.ok());
    BOOST_TEST(parsed.notes.empty());
    BOOST_TEST(parsed.settings.decision.listen->isUnix());
    BOOST_TEST(parsed.settings.decision.listen->host == "/run/changebank/decision.sock");
    BOOST_TEST(*readDefines({"decision.listen=127.0.0.1:3002", rule}).settings.decision.listen->port == 3002);
    BOOST_TEST(!readDefines({"decision.listen="}).settings.decision.listen.has_value());
    BOOST_TEST(faultsOf({"decision.listen=3002", rule}) ==
               "--define: decision.listen: \"3002\" is neither HOST:PORT nor an absolute path\n");
}

BOOST_AUTO_TEST_CASE(theConventionIsOneOfTwo) {
    const std::string rule = "decision.rule.1=GET /a public";
    BOOST_TEST((readDefines({onSocket, rule, "decision.convention=original"}).settings.decision.convention ==
                handlers::RequestConvention::original));
    BOOST_TEST((readDefines({onSocket, rule, "decision.convention=forwarded"}).settings.decision.convention ==
                handlers::RequestConvention::forwarded));
    BOOST_TEST(faultsOf({onSocket, rule, "decision.convention=envoy"})
                   .starts_with("--define: decision.convention: "));
}

BOOST_AUTO_TEST_CASE(rulesAreInTheOrderOfTheirNumbersWithGaps) {
    const auto parsed =
        readSettings(inFile("decision.rule.1000 = * /** authenticated\n"
                            "decision.rule.20 = GET,POST /orders/** roles=clerk maxAge=15m\n"
                            "decision.rule.3 = GET /orders/* public\n"
                            "decision.listen = 127.0.0.1:0\n"));
    BOOST_TEST(textOf(parsed.faults) == "");
    BOOST_TEST(
        rulesOf(parsed) ==
        "3 GET /orders/* public\n20 GET,POST /orders/** roles=clerk maxAge=15m\n1000 * /** authenticated\n");
}

BOOST_AUTO_TEST_CASE(aRuleOfALaterSourceReplacesOneOfAnEarlier) {
    auto sources = inFile(
        "decision.rule.1 = GET /file public\ndecision.rule.2 = GET /file2 public\n"
        "decision.rule.3 = GET /file3 public\n");
    sources.environment = {"CHANGEBANK_DECISION_RULE_2=GET /environment2 public",
                           "CHANGEBANK_DECISION_RULE_3=GET /environment3 public",
                           "CHANGEBANK_DECISION_RULE_4=GET /environment4 public"};
    sources.defines = {"decision.rule.3=GET /define3 public", "decision.rule.5=GET /define5 public",
                       onSocket};
    const auto parsed = readSettings(sources);
    BOOST_TEST(textOf(parsed.faults) == "");
    BOOST_TEST(rulesOf(parsed) ==
               "1 GET /file public\n2 GET /environment2 public\n3 GET /define3 public\n"
               "4 GET /environment4 public\n5 GET /define5 public\n");
}

BOOST_AUTO_TEST_CASE(anEmptyRuleIsNone) {
    auto sources = inFile(
        "decision.rule.1 = GET /a public\ndecision.rule.2 = GET /b public\n"
        "decision.rule.3 = GET /c public\ndecision.rule.4 =\n");
    sources.environment = {"CHANGEBANK_DECISION_RULE_1="};
    sources.defines = {"decision.rule.3=", onSocket};
    const auto parsed = readSettings(sources);
    BOOST_TEST(textOf(parsed.faults) == "");
    BOOST_TEST(rulesOf(parsed) == "2 GET /b public\n");
}

BOOST_AUTO_TEST_CASE(theNumberOfARuleHasOneSpelling) {
    for (const auto& [name, number] :
         {std::pair{"decision.rule.1", 1U}, std::pair{"decision.rule.1000", 1000U},
          std::pair{"CHANGEBANK_DECISION_RULE_27", 27U}})
        BOOST_TEST(ruleNumberOf(name).value_or(0) == number);
    for (const auto* number :
         {"", "0", "01", "1001", "99999999999999999999", "-1", "+1", " 1", "1 ", "1.0", "x"}) {
        BOOST_TEST(!ruleNumberOf(std::string("decision.rule.") + number), number);
        BOOST_TEST(!ruleNumberOf(std::string("CHANGEBANK_DECISION_RULE_") + number), number);
        BOOST_TEST(faultsOf({std::string("decision.rule.") + number + "=GET /a public"})
                           .find("unknown key: a rule has a number from 1 to 1000, without leading zeros") !=
                       std::string::npos,
                   number);
    }
    BOOST_TEST(!ruleNumberOf("decision.rules.1"));
    BOOST_TEST(!ruleNumberOf("Decision.rule.1"));
    SettingsSources sources;
    sources.environment = {"CHANGEBANK_DECISION_RULE_01=GET /a public"};
    BOOST_TEST(
        textOf(readSettings(sources).faults) ==
        "environment:CHANGEBANK_DECISION_RULE_01: unknown variable: a rule has a number from 1 to 1000, "
        "without leading zeros\n");
}

BOOST_AUTO_TEST_CASE(aRuleIsSetOnceInASource) {
    BOOST_TEST(
        textOf(
            readSettings(inFile("decision.rule.7 = GET /a public\ndecision.rule.7 = GET /b public\n")).faults)
            .find(":2: decision.rule.7: is set more than once") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(aBadRuleIsAFaultOfItsLine) {
    const auto sources = inFile(
        "decision.listen = 127.0.0.1:0\n"
        "decision.rule.2 = GET /orders/../x public\n"
        "decision.rule.5 = GET /orders role=clerk\n"
        "decision.rule.6 = GET /orders\n");
    const auto faults = textOf(readSettings(sources).faults);
    BOOST_TEST(faults.find(sources.file + R"(:2: decision.rule.2: "/orders/../x" is not a plain path)") ==
               0U);
    BOOST_TEST(faults.find("\n" + sources.file + R"(:3: decision.rule.5: "role" is none of roles, )") !=
               std::string::npos);
    BOOST_TEST(faults.find("\n" + sources.file +
                           R"(:4: decision.rule.6: "GET /orders" is not of the form )") != std::string::npos);
    BOOST_TEST(faults.find("decision.listen") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(anUnreachableRuleIsAFaultThatNamesTheOneBefore) {
    const auto sources = inFile(
        "decision.listen = 127.0.0.1:0\n"
        "decision.rule.30 = GET /orders/special public\n"
        "decision.rule.4 = * /orders/** roles=clerk\n");
    BOOST_TEST(textOf(readSettings(sources).faults) ==
               sources.file +
                   ":2: decision.rule.30: is never reached for GET, since decision.rule.4 before it "
                   "matches the same requests\n");
}

BOOST_AUTO_TEST_CASE(aListenerNeedsARule) {
    BOOST_TEST(
        faultsOf({onSocket}) ==
        "--define: decision.listen: needs decision.rule.1, since without a rule nobody may do anything\n");
    BOOST_TEST(faultsOf({onSocket, "decision.rule.1="}).find("needs decision.rule.1") != std::string::npos);
    BOOST_TEST(faultsOf({onSocket, "decision.rule.9=GET /a public"}) == "");
}

BOOST_AUTO_TEST_CASE(whatNoListenerUsesIsNoted) {
    BOOST_TEST(notesOf({"decision.rule.9=GET /a public"}) ==
               "--define: decision.rule.9: without decision.listen is for changebankctl decide alone, unless "
               "systemd "
               "opens that socket\n");
    BOOST_TEST(notesOf({"decision.rule.9=GET /a public", "decision.rule.10=GET /b public"}) ==
               "--define: decision.rule.9: without decision.listen is for changebankctl decide alone, unless "
               "systemd "
               "opens that socket, as are the other rules\n");
    BOOST_TEST(
        notesOf({"decision.convention=original"}) ==
        "--define: decision.convention: has no effect without decision.listen, unless systemd opens that "
        "socket\n");
}

BOOST_AUTO_TEST_CASE(aListenerThatOtherMachinesReachIsNoted) {
    const std::string rule = "decision.rule.1=GET /a public";
    for (const auto* address : {"0.0.0.0:3002", "[::]:3002", "192.0.2.1:3002", "gateway.example.com:3002"})
        BOOST_TEST(
            notesOf({std::string("decision.listen=") + address, rule})
                .starts_with("--define: decision.listen: is reachable from other machines without TLS: "));
    for (const auto* address : {"127.0.0.1:3002", "[::1]:3002", "localhost:3002", "/run/decision.sock"})
        BOOST_TEST(notesOf({std::string("decision.listen=") + address, rule}) == "");
}

BOOST_AUTO_TEST_CASE(aRuleThatNeedsProofsIsAFaultWithoutThem) {
    const std::string rule = "decision.rule.2=GET /a roles=x dpop=require";
    BOOST_TEST(faultsOf({onSocket, rule}) ==
               "--define: decision.rule.2: has dpop=require, which needs auth.dpop to be allow or require\n");
    BOOST_TEST(faultsOf({onSocket, rule, "auth.dpop=allow", "server.resource=https://api.example.com/"}) ==
               "");
}

BOOST_AUTO_TEST_CASE(aRuleWhoseRolesNoIssuerGivesIsNoted) {
    const std::string map = "auth.claims.roleMap=tellers=teller,clerks=clerk";
    const auto note = [&](const std::string& who) {
        return notesOf({onSocket, map, "decision.rule.1=GET /a " + who});
    };
    BOOST_TEST(note("roles=admin") ==
               "--define: decision.rule.1: admits nobody, since no claims.roleMap gives its roles\n");
    for (const auto* who : {"roles=admin,clerk", "roles=teller", "scopes=a", "authenticated", "public"})
        BOOST_TEST(note(who) == "", who);
    BOOST_TEST(notesOf({onSocket, "decision.rule.1=GET /a roles=admin"}) == "");
    BOOST_TEST(notesOf({onSocket, map, "auth.issuers=ci", "auth.issuer.ci.url=https://ci.example.com",
                        "auth.issuer.ci.audience=bank", "decision.rule.1=GET /a roles=admin"}) == "");
}

BOOST_AUTO_TEST_CASE(theSocketIsNoOtherFile) {
    const std::string rule = "decision.rule.1=GET /a public";
    BOOST_TEST(faultsOf({onSocket, rule, "admin.socket=/run/changebank/decision.sock"}) ==
               "--define: decision.listen: \"/run/changebank/decision.sock\" is the file of admin.socket as "
               "well\n");
}

BOOST_AUTO_TEST_CASE(rulesInEffectAreShownAndReadAgain) {
    auto sources = inFile(
        "decision.rule.12 = GET,POST /orders/** roles=a%20b\ndecision.rule.2 = GET /x public\n"
        "decision.listen = 127.0.0.1:0\n");
    const auto text = effectiveSettings(readSettings(sources));
    const auto second = text.find("decision.rule.2 = GET /x public\n");
    const auto twelfth =
        text.find("# from " + sources.file + ":1\ndecision.rule.12 = GET,POST /orders/** roles=a%20b\n");
    BOOST_TEST(second != std::string::npos);
    BOOST_TEST(twelfth != std::string::npos);
    BOOST_TEST(second < twelfth);
    BOOST_TEST(rulesOf(readSettings(inFile(text))) ==
               "2 GET /x public\n12 GET,POST /orders/** roles=a%20b\n");
}

BOOST_AUTO_TEST_CASE(everyNumberCanBeUsed) {
    std::string text = "decision.listen = 127.0.0.1:0\n";
    for (unsigned number = 1; number <= 1000; ++number)
        text +=
            "decision.rule." + std::to_string(number) + " = GET /a" + std::to_string(number) + "/** public\n";
    const auto parsed = readSettings(inFile(text));
    BOOST_TEST(textOf(parsed.faults) == "");
    BOOST_TEST(parsed.settings.decision.rules.size() == 1000U);
    BOOST_TEST(parsed.settings.decision.rules.back().number == 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
