#include "changebank/kickstart/file/Expansion.h"

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

namespace {

constexpr std::string_view environmentPrefix = "ENV.";

bool isOpening(std::string_view text, std::size_t at) {
    return at + 1 < text.size() && (text[at] == '#' || text[at] == '@' || text[at] == '&') &&
           text[at + 1] == '{';
}

}  // namespace

const std::string* Expansion::find(const std::string& name) const {
    const auto found = _variables.find(name);
    return found == _variables.end() ? nullptr : &found->second;
}

std::string Expansion::expand(std::string_view text) const {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t backslashes = 0;
        while (at + backslashes < text.size() && text[at + backslashes] == '\\')
            ++backslashes;
        const std::size_t opening = at + backslashes;
        if (!isOpening(text, opening)) {
            const std::size_t plain = backslashes > 0 ? backslashes : 1;
            out.append(text, at, plain);
            at += plain;
            continue;
        }
        out.append(backslashes / 2, '\\');
        const bool isEscaped = backslashes % 2 == 1;
        if (isEscaped || text[opening] == '&') {
            out.append(text, opening, 2);
            at = opening + 2;
            continue;
        }
        const auto closing = text.find('}', opening);
        if (closing == std::string_view::npos) {
            throw ExpansionFault(quoteJson(text.substr(opening, 2)) + " has no closing brace");
        }
        out += valueOf(text[opening], std::string(text.substr(opening + 2, closing - opening - 2)));
        at = closing + 1;
    }
    return out;
}

std::string Expansion::valueOf(char kind, const std::string& name) const {
    if (kind == '@') {
        if (auto text = _files(name)) return *text;
        throw ExpansionFault("the file " + quoteJson(name) + " cannot be read");
    }
    if (name == "UUID()") return Uuid::random().toText();
    if (name.starts_with(environmentPrefix)) {
        if (auto value = _environment(name.substr(environmentPrefix.size()))) return *value;
        throw ExpansionFault("the environment variable " + quoteJson(name.substr(environmentPrefix.size())) +
                             " is not set");
    }
    if (const auto* value = find(name)) return *value;
    throw ExpansionFault("the variable " + quoteJson(name) + " is not defined");
}

}  // namespace changebank::kickstart
