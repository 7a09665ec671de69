#include "changebank/daemon/http/message/ResponseWriter.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "changebank/daemon/http/message/FieldSyntax.h"

namespace changebank::http {

namespace {

constexpr std::array<std::string_view, 8> ownFields{"Date",         "Server",         "Connection",
                                                    "Keep-Alive",   "Content-Length", "Transfer-Encoding",
                                                    "X-Request-Id", "Trailer"};

bool isOwnField(std::string_view name) {
    return std::any_of(ownFields.begin(), ownFields.end(),
                       [name](std::string_view own) { return isSameName(own, name); });
}

constexpr std::string_view strictTransportSecurity = "Strict-Transport-Security";

void appendNumber(std::string& out, std::size_t number) {
    std::array<char, 20> digits;
    const auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void appendField(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

/// RFC 9110 sections 8.6 and 15.4.5: which responses have a Content-Length.
void appendContentLength(std::string& out, const ServerResponse& response, bool toHead) {
    const auto status = response.getStatus();
    if (status == ServerResponse::HTTP_NO_CONTENT || status == ServerResponse::HTTP_NOT_MODIFIED) return;
    auto length = response.body().size();
    if (toHead && length == 0) {
        if (!response.hasContentLength()) return;
        length = static_cast<std::size_t>(std::max<Poco::Int64>(0, response.getContentLength64()));
    }
    out.append("Content-Length: ");
    appendNumber(out, length);
    out.append("\r\n");
}

void appendStrictTransportSecurity(std::string& out, std::chrono::seconds maxAge) {
    out.append(strictTransportSecurity).append(": max-age=");
    appendNumber(out, static_cast<std::size_t>(maxAge.count()));
    out.append("\r\n");
}

bool appendFields(std::string& out, const ServerResponse& response, bool isStrict) {
    for (const auto& [name, value] : response) {
        if (isOwnField(name) || (isStrict && isSameName(name, strictTransportSecurity))) continue;
        if (!isToken(name) || !isFieldValue(value)) return false;
        appendField(out, name, value);
    }
    return true;
}

}  // namespace

bool isBodiless(const ServerResponse& response, const ResponseFrame& frame) {
    return frame.toHead || response.getStatus() == ServerResponse::HTTP_NO_CONTENT ||
           response.getStatus() == ServerResponse::HTTP_NOT_MODIFIED;
}

bool writeResponse(std::string& out, const ServerResponse& response, const ResponseFrame& frame) {
    const auto status = static_cast<int>(response.getStatus());
    const auto start = out.size();
    const std::string& reason = response.getReason().empty()
                                    ? ServerResponse::getReasonForStatus(response.getStatus())
                                    : response.getReason();
    if (status < 200 || status > 599 || !isFieldValue(reason)) return false;

    out.append("HTTP/1.1 ");
    appendNumber(out, static_cast<std::size_t>(status));
    out.append(" ").append(reason).append("\r\n");
    appendField(out, "Date", frame.date);
    if (!frame.server.empty()) appendField(out, "Server", frame.server);
    if (!frame.requestId.empty()) appendField(out, "X-Request-Id", frame.requestId);
    if (!frame.keepAlive) out.append("Connection: close\r\n");
    if (frame.keepAlive && frame.toHttp10) out.append("Connection: keep-alive\r\n");
    const bool isStrict = frame.hstsMaxAge.count() > 0;
    if (isStrict) appendStrictTransportSecurity(out, frame.hstsMaxAge);
    if (!appendFields(out, response, isStrict)) {
        out.resize(start);
        return false;
    }
    appendContentLength(out, response, frame.toHead);
    out.append("\r\n");

    if (!response.isBodyShared() && !isBodiless(response, frame)) out.append(response.body());
    return true;
}

}  // namespace changebank::http
