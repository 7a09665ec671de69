#include "changebank/handlers/decision/IdentityFields.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <vector>

#include "changebank/base/text/PercentEncoding.h"

namespace changebank::handlers {

namespace {

void appendEscaped(std::string& text, std::string_view name, std::string_view separators) {
    for (const char c : name) {
        const bool isPlain = c > ' ' && c <= '~' && c != '%' && separators.find(c) == std::string_view::npos;
        if (isPlain) {
            text += c;
        } else {
            appendEscape(text, c);
        }
    }
}

std::string escaped(std::string_view name) {
    std::string text;
    appendEscaped(text, name, {});
    return text;
}

std::string joined(const std::vector<std::string>& names, char separator) {
    std::string text;
    for (const auto& name : names) {
        if (&name != names.data()) text += separator;
        appendEscaped(text, name, {&separator, 1});
    }
    return text;
}

void set(Poco::Net::HTTPServerResponse& response, std::size_t field, const std::string& value) {
    response.set(std::string(identityFields[field]), value);
}

}  // namespace

void setIdentity(Poco::Net::HTTPServerResponse& response, const security::Principal* principal,
                 const std::string& token) {
    const bool isPlain = principal != nullptr && token.empty();
    set(response, 0, isPlain ? escaped(principal->subject) : std::string());
    set(response, 1, isPlain ? escaped(principal->issuer) : std::string());
    set(response, 2, isPlain ? joined(principal->roles, ',') : std::string());
    set(response, 3, isPlain ? joined(principal->scopes, ' ') : std::string());
    set(response, 4, token);
}

}  // namespace changebank::handlers
