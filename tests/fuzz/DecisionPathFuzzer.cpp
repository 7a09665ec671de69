#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/handlers/decision/DecisionRule.h"
#include "changebank/handlers/decision/NormalPath.h"
#include "changebank/handlers/decision/PathPattern.h"
#include "tests/fuzz/Expect.h"

using namespace changebank;
using namespace changebank::handlers;
using changebank::fuzz::expect;

namespace {

/// The path with an escape for all but slashes, or only where one is needed.
std::string escaped(std::string_view path, bool isAll) {
    constexpr std::string_view digits = "0123456789abcDEF";
    std::string text;
    for (const char c : path) {
        if (c == '/' || (!isAll && isUnreserved(c))) {
            text += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        text += {'%', digits[byte / 16], digits[byte % 16]};
    }
    return text;
}

void checkPath(std::string_view path) {
    const auto normal = normalPath(path);
    if (!normal) return;
    expect(normal->starts_with('/') && normal->size() <= path.size(),
           "a normal path is a path, and no longer");
    expect(isUtf8(*normal) && !hasControl(*normal), "a normal path is text");
    expect(normal->find_first_of("\\;%?#ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos,
           "a normal path has nothing that is decoded, cut or folded again");
    const auto segments = *normal + "/";
    for (const auto* part : {"//", "./", " /"})
        expect(*normal == "/" || segments.find(part) == std::string::npos, "every segment is one");
    for (const bool isAll : {false, true})
        expect(normalPath(escaped(*normal, isAll)) == normal,
               "a normal path is one reading, however escaped");
    if (*normal != "/")
        expect(normalPath(std::string(path) + (path.ends_with('/') ? "" : "/")) == normal,
               "a slash at the end does not matter");
}

std::optional<PathPattern> patternOf(std::string_view text) {
    auto parsed = PathPattern::parse(text);
    if (auto* pattern = std::get_if<PathPattern>(&parsed)) return std::move(*pattern);
    return std::nullopt;
}

/// A path that a pattern matches, with a name that no pattern has.
std::string pathOf(std::string_view pattern, std::string_view more) {
    std::string path;
    for (const char c : pattern)
        path += c == '*' ? std::string("\u00FC") : std::string(1, toLower(c));
    if (pattern.find("**") != std::string_view::npos)
        path.resize(path.size() - std::string_view("/\u00FC\u00FC").size());
    path += more;
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return path.empty() ? "/" : path;
}

void checkPatterns(std::string_view leftText, std::string_view rightText) {
    const auto left = patternOf(leftText);
    const auto right = patternOf(rightText);
    if (!left || !right) return;
    auto written = rightText;
    if (written.ends_with('/')) written.remove_suffix(1);
    const bool isOpen = written.ends_with("**");
    bool matchesAll = true;
    const auto depth = isOpen ? left->size() + 1 : 0;
    std::string more;
    for (std::size_t i = 0; i <= depth; ++i) {
        const auto path = pathOf(written, more);
        expect(right->matches(path), "a pattern matches its paths");
        matchesAll = matchesAll && left->matches(path);
        more += "/\u00FC";
    }
    expect(left->covers(*right) == matchesAll, "a pattern covers those whose paths it matches");
    expect(left->covers(*left), "a pattern covers itself");
}

void checkRule(std::string_view text) {
    const auto parsed = DecisionRule::parse(1, text);
    const auto* rule = std::get_if<DecisionRule>(&parsed);
    if (rule == nullptr) return;
    const auto written = rule->toText();
    const auto again = DecisionRule::parse(1, written);
    expect(std::holds_alternative<DecisionRule>(again), "a rule that is written is one");
    expect(std::get<DecisionRule>(again).toText() == written, "what is written is read again");
}

}  // namespace

/// The first line is a path or a rule, it and the second are patterns.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto end = text.find('\n');
    const auto first = text.substr(0, end);
    checkPath(first);
    checkRule(first);
    checkPatterns(first, end == std::string_view::npos ? first : text.substr(end + 1));
    return 0;
}
