#include "changebank/daemon/control/live/DenialsFormatter.h"

#include <algorithm>

#include "changebank/base/text/Utf8.h"
#include "changebank/daemon/control/client/ResponseMembers.h"

namespace changebank::daemon {

namespace {

/// In quotation marks if it could be taken for something else.
std::string word(const Json& value) {
    const auto* text = value.string();
    if (text == nullptr) return {};
    return text->find(' ') == std::string::npos && plainLength(*text) == text->size() ? *text
                                                                                      : value.toText();
}

}  // namespace

std::string formatDenial(const Json& denial) {
    auto line = text(denial, "time") + "  " + text(denial, "status") + " " + text(denial, "cause");
    if (const auto& parameter = member(denial, "parameter"); parameter.string() != nullptr)
        line += " " + parameter.toText();
    line += "  " + word(member(denial, "method")) + " " + word(member(denial, "path"));
    if (const auto client = word(member(denial, "client")); !client.empty()) line += "  from " + client;
    std::string more;
    const auto add = [&more](const char* label, const std::string& value) {
        if (!value.empty()) more += (more.empty() ? "    " : ", ") + std::string(label) + " " + value;
    };
    for (const char* name : {"expected", "found"}) {
        const auto& value = member(denial, name);
        add(name, value.string() != nullptr ? value.toText() : "");
    }
    add("subject", word(member(denial, "subject")));
    add("route", word(member(denial, "route")));
    add("request", word(member(denial, "requestId")));
    add("trace", word(member(denial, "traceId")));
    return line + "\n" + (more.empty() ? "" : more + "\n");
}

std::string formatDenials(const Json& listed) {
    std::string lines;
    for (const auto& denial : array(listed, "denials"))
        lines += formatDenial(denial);
    return lines.empty() ? "no denials since the start\n" : lines;
}

}  // namespace changebank::daemon
