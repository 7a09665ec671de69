#include "changebank/kickstart/file/Expansion.h"

#include <boost/test/unit_test.hpp>

#include "changebank/kickstart/values/Uuid.h"

using changebank::kickstart::Expansion;
using changebank::kickstart::ExpansionFault;
using changebank::kickstart::Uuid;

namespace {

std::optional<std::string> environment(const std::string& name) {
    return name == "HOME_TOWN" ? std::optional<std::string>("Denver") : std::nullopt;
}

std::optional<std::string> files(const std::string& name) {
    return name == "mail/body.txt" ? std::optional<std::string>("line 1\n\"#{name}\"\n") : std::nullopt;
}

struct Fixture {
    Fixture() {
        expansion.define("name", "value");
        expansion.define("user.name", "dotted");
        expansion.define("tricky", "#{name}");
    }

    Expansion expansion{environment, files};
};

bool says(const ExpansionFault& fault, const std::string& part) {
    return std::string(fault.what()).find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ExpansionTest, Fixture)

BOOST_AUTO_TEST_CASE(ReplacesVariablesAnywhere) {
    BOOST_TEST(expansion.expand("#{name}") == "value");
    BOOST_TEST(expansion.expand("/a/#{name}/#{user.name}b") == "/a/value/dottedb");
}

BOOST_AUTO_TEST_CASE(LeavesEverythingElse) {
    for (const char* text : {"", "plain", "#", "#name", "{name}", "${name}", "$#", "a\\b", "\\", "\\\\",
                             "a@b.c&d", "a &{file.json}"}) {
        BOOST_TEST(expansion.expand(text) == text);
    }
}

BOOST_AUTO_TEST_CASE(AValueIsNotExpandedAgain) {
    BOOST_TEST(expansion.expand("#{tricky}") == "#{name}");
}

BOOST_AUTO_TEST_CASE(BackslashEscapesAnExpression) {
    BOOST_TEST(expansion.expand("\\#{name}") == "#{name}");
    BOOST_TEST(expansion.expand("\\@{name}") == "@{name}");
    BOOST_TEST(expansion.expand("\\&{name}") == "&{name}");
    BOOST_TEST(expansion.expand("\\\\#{name}") == "\\value");
    BOOST_TEST(expansion.expand("\\\\\\#{name}") == "\\#{name}");
    BOOST_TEST(expansion.expand("\\\\&{name}") == "\\&{name}");
}

BOOST_AUTO_TEST_CASE(ReadsTheEnvironment) {
    BOOST_TEST(expansion.expand("#{ENV.HOME_TOWN}") == "Denver");
    BOOST_CHECK_EXCEPTION(expansion.expand("#{ENV.NOWHERE}"), ExpansionFault,
                          [](const auto& fault) { return says(fault, "\"NOWHERE\" is not set"); });
}

BOOST_AUTO_TEST_CASE(IncludesTextAsItIs) {
    BOOST_TEST(expansion.expand("<@{mail/body.txt}>") == "<line 1\n\"#{name}\"\n>");
    BOOST_CHECK_EXCEPTION(expansion.expand("@{nowhere.txt}"), ExpansionFault,
                          [](const auto& fault) { return says(fault, "\"nowhere.txt\" cannot be read"); });
}

BOOST_AUTO_TEST_CASE(MakesANewUuidEachTime) {
    const auto one = expansion.expand("#{UUID()}");
    BOOST_TEST(Uuid::parse(one).has_value());
    BOOST_TEST(one != expansion.expand("#{UUID()}"));
}

BOOST_AUTO_TEST_CASE(UnknownNamesThrow) {
    BOOST_CHECK_EXCEPTION(expansion.expand("a #{nobody}"), ExpansionFault, [](const auto& fault) {
        return says(fault, "variable \"nobody\" is not defined");
    });
    BOOST_CHECK_EXCEPTION(expansion.expand("#{NOW()}"), ExpansionFault,
                          [](const auto& fault) { return says(fault, "variable \"NOW()\" is not defined"); });
    BOOST_CHECK_EXCEPTION(expansion.expand("#{name"), ExpansionFault,
                          [](const auto& fault) { return says(fault, "no closing brace"); });
}

BOOST_AUTO_TEST_SUITE_END()
