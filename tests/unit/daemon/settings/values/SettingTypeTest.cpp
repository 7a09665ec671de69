#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/values/SettingType.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;

namespace {

template <typename Type>
bool reads(const Type& type, std::string_view text, const typename Type::Value& expected) {
    const auto value = type.read(text);
    const auto* good = std::get_if<0>(&value);
    return good != nullptr && *good == expected;
}

/// Why the text is refused; empty if it is not.
template <typename Type>
std::string fault(const Type& type, std::string_view text) {
    const auto value = type.read(text);
    const auto* bad = std::get_if<BadValue>(&value);
    return bad == nullptr ? "" : bad->why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SettingTypeTest)

BOOST_AUTO_TEST_CASE(durationsHaveAUnit) {
    const DurationType type{0s, 24h};
    BOOST_TEST(reads(type, "500ms", 500ms));
    BOOST_TEST(reads(type, "5s", 5s));
    BOOST_TEST(reads(type, "10m", 10min));
    BOOST_TEST(reads(type, "24h", 24h));
    BOOST_TEST(reads(type, "0s", 0ms));
    for (const std::string text :
         {"", "5", "s", "5 s", " 5s", "5s ", "-5s", "+5s", "5S", "1.5s", "5d", "5sec", "0x5s"}) {
        BOOST_TEST(fault(type, text).find("is not a duration") != std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(durationsHaveARange) {
    const DurationType type{100ms, 1min};
    BOOST_TEST(reads(type, "100ms", 100ms));
    BOOST_TEST(reads(type, "1m", 1min));
    BOOST_TEST(fault(type, "99ms") == R"("99ms" is out of range: 100ms to 1m)");
    BOOST_TEST(fault(type, "60001ms") == R"("60001ms" is out of range: 100ms to 1m)");
    BOOST_TEST(fault(type, "18446744073709551615h") != "");
    BOOST_TEST(fault(type, "5124095576031h") != "");
    BOOST_TEST(fault(type, "99999999999999999999s") != "");
}

BOOST_AUTO_TEST_CASE(durationsAreSaidInTheLargestUnit) {
    BOOST_TEST(DurationType::toText(0ms) == "0s");
    BOOST_TEST(DurationType::toText(1500ms) == "1500ms");
    BOOST_TEST(DurationType::toText(90s) == "90s");
    BOOST_TEST(DurationType::toText(600s) == "10m");
    BOOST_TEST(DurationType::toText(24h) == "24h");
}

BOOST_AUTO_TEST_CASE(sizesMayHaveAUnit) {
    const SizeType type{1, 16 * 1024 * 1024};
    BOOST_TEST(reads(type, "512", 512U));
    BOOST_TEST(reads(type, "64KiB", 65'536U));
    BOOST_TEST(reads(type, "1MiB", 1'048'576U));
    for (const std::string text : {"", "KiB", "64 KiB", "64kib", "64KB", "-1", "1.5MiB", "1GiB"}) {
        BOOST_TEST(fault(type, text).find("is not a size") != std::string::npos, text);
    }
    BOOST_TEST(fault(type, "0") == R"("0" is out of range: 1 to 16MiB)");
    BOOST_TEST(fault(type, "17MiB") == R"("17MiB" is out of range: 1 to 16MiB)");
    BOOST_TEST(fault(type, "18446744073709551615MiB") != "");
    // Counted in 64 bits, this would be 1 KiB.
    BOOST_TEST(fault(type, "18014398509481985KiB") ==
               R"("18014398509481985KiB" is out of range: 1 to 16MiB)");
    BOOST_TEST(SizeType::toText(0) == "0");
    BOOST_TEST(SizeType::toText(1'000) == "1000");
    BOOST_TEST(SizeType::toText(32 * 1024) == "32KiB");
}

BOOST_AUTO_TEST_CASE(numbersHaveARange) {
    const IntegerType type{1, 65535};
    BOOST_TEST(reads(type, "1", 1U));
    BOOST_TEST(reads(type, "65535", 65535U));
    BOOST_TEST(fault(type, "0") == R"("0" is out of range: 1 to 65535)");
    BOOST_TEST(fault(type, "65536") == R"("65536" is out of range: 1 to 65535)");
    for (const std::string text :
         {"", "abc", "1.0", "-1", "+1", " 1", "1 ", "0x10", "1e3", "18446744073709551616"}) {
        BOOST_TEST(fault(type, text).find("is not a whole number") != std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(booleansAreTrueOrFalse) {
    BOOST_TEST(reads(BooleanType{}, "true", true));
    BOOST_TEST(reads(BooleanType{}, "false", false));
    for (const std::string text : {"", "yes", "1", "True", "on"})
        BOOST_TEST(fault(BooleanType{}, text) != "", text);
}

BOOST_AUTO_TEST_CASE(aChoiceIsOneOfItsWords) {
    const ChoiceType type{{"detailed", "minimal"}};
    BOOST_TEST(reads(type, "minimal", 1U));
    BOOST_TEST(fault(type, "verbose") == R"("verbose" is not one of detailed, minimal)");
}

BOOST_AUTO_TEST_CASE(anOptionalChoiceMayBeEmpty) {
    const OptionalChoiceType type{{{"off", "request"}}};
    BOOST_TEST((std::get<0>(type.read("request")) == std::optional<std::size_t>(1)));
    BOOST_TEST((std::get<0>(type.read("")) == std::optional<std::size_t>()));
    BOOST_TEST(fault(type, "on") == R"("on" is not one of off, request)");
    BOOST_TEST(type.range() == "off, request, may be empty");
}

BOOST_AUTO_TEST_CASE(aListHasAtLeastOneItemAndNoEmptyOnes) {
    BOOST_TEST(reads(ListType{}, "teller", {"teller"}));
    BOOST_TEST(reads(ListType{}, "customer , teller", {"customer", "teller"}));
    for (const std::string text : {"", ",", "a,", ",a", "a,,b", " , "})
        BOOST_TEST(fault(ListType{}, text) != "", text);
}

BOOST_AUTO_TEST_CASE(textHasNoControlCharacters) {
    BOOST_TEST(reads(TextType{}, "a b", "a b"));
    BOOST_TEST(fault(TextType{}, "") == "must not be empty");
    BOOST_TEST(reads(TextType{true}, "", ""));
    BOOST_TEST(fault(TextType{}, "a\nb") == R"("a\u000ab" has a control character)");
    BOOST_TEST(fault(TextType{}, std::string_view("\0", 1)) != "");
    BOOST_TEST(fault(TextType{}, "\x7f") != "");
}

BOOST_AUTO_TEST_CASE(aPathIsAbsoluteOrEmpty) {
    BOOST_TEST(reads(PathType{}, "/etc/ssl/ca.pem", "/etc/ssl/ca.pem"));
    BOOST_TEST(reads(PathType{}, "", ""));
    for (const std::string text : {"ca.pem", "./ca.pem", "~/ca.pem", "/a\nb"})
        BOOST_TEST(fault(PathType{}, text) != "", text);
}

BOOST_AUTO_TEST_CASE(aLogTargetIsOneOfFour) {
    BOOST_TEST(reads(LogTargetType{}, "stderr", {LogTarget::Kind::standardError}));
    BOOST_TEST(reads(LogTargetType{}, "syslog", {LogTarget::Kind::syslog}));
    BOOST_TEST(reads(LogTargetType{}, "journal", {LogTarget::Kind::journal}));
    BOOST_TEST(reads(LogTargetType{}, "file:/var/log/x", {LogTarget::Kind::file, "/var/log/x"}));
    for (const std::string text : {"", "Stderr", "file", "file:", "/var/log/x", "stderr "})
        BOOST_TEST(fault(LogTargetType{}, text) ==
                   "\"" + text + "\" is not stderr, file:PATH, syslog or journal");
    BOOST_TEST(fault(LogTargetType{}, "file:log") ==
               R"("log" is not an absolute path; it must begin with /)");
}

BOOST_AUTO_TEST_CASE(quotedTextIsOneShortLine) {
    BOOST_TEST(changebank::inQuotes("a\"b\r\n") == R"("a\"b\u000d\u000a")");
    BOOST_TEST(changebank::inQuotes(std::string(10'000, 'x')).size() < 100U);
}

BOOST_AUTO_TEST_SUITE_END()
