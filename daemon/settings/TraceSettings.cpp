#include "changebank/daemon/settings/TraceSettings.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "changebank/base/http/HttpUrl.h"
#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/daemon/http/message/FieldSyntax.h"
#include "changebank/daemon/settings/SettingStore.h"
#include "changebank/daemon/settings/files/AuthoritiesFile.h"
#include "changebank/daemon/settings/files/SecretFile.h"

namespace changebank::daemon {

using namespace std::chrono_literals;

namespace {

constexpr auto endpointKey = "trace.endpoint";
constexpr auto headersKey = "trace.headersFile";
constexpr std::size_t maxHeadersFile = std::size_t{16} * 1024;

/// The fields of the file that the exporter sets itself, or that belong to a connection.
bool isReserved(std::string_view name) {
    constexpr std::array<std::string_view, 6> reserved{"content-type",      "content-length", "host",
                                                       "transfer-encoding", "connection",     "expect"};
    return std::any_of(reserved.begin(), reserved.end(),
                       [name](std::string_view each) { return isSameIgnoringCase(name, each); });
}

std::optional<std::string> faultOfEndpoint(const Settings::Trace& trace) {
    const auto url = httpUrl(trace.endpoint);
    if (!url) return inQuotes(trace.endpoint) + " is not an http or https URL";
    if (!url->getUserInfo().empty())
        return std::string("must not contain a user name or password; ") + headersKey +
               " may have a field with them";
    if (!url->getFragment().empty()) return std::string("must not have a fragment");
    if (isPlainHttpToOthers(*url) && !trace.allowHttp) {
        return std::string(
            "is plain http to another machine, so that others could read paths and client addresses; use "
            "https, "
            "or set trace.allowHttp to true");
    }
    return std::nullopt;
}

/// Reads `NAME: VALUE` lines. A fault never shows the content, which is secret.
std::optional<std::string> readHeaders(Settings::Trace& trace) {
    auto read = readGuardedFile(trace.headersFile, maxHeadersFile);
    if (auto* bad = std::get_if<BadSecret>(&read)) return inQuotes(trace.headersFile) + " " + bad->why;
    std::string_view rest = std::get<std::string>(read);
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const auto end = rest.find('\n');
        const auto line = trimmed(rest.substr(0, end), " \t\r");
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (line.empty() || line.starts_with('#')) continue;
        const auto colon = line.find(':');
        const auto name = trimmed(line.substr(0, colon));
        const auto value =
            colon == std::string_view::npos ? std::string_view{} : trimmed(line.substr(colon + 1));
        if (!http::isToken(name) || value.empty() || !http::isFieldValue(value) || isReserved(name))
            return inQuotes(trace.headersFile) +
                   " has a line that is no field of its own, NAME: VALUE: line " + std::to_string(number);
        trace.headers.emplace_back(name, value);
    }
    return std::nullopt;
}

}  // namespace

void addTraceSettings(std::vector<SettingDefinition>& table) {
    const auto at = Applies::atOnce;
    table.push_back(
        define(endpointKey, TextType{true}, "", at,
               "The URL of an OpenTelemetry collector to which spans of requests are sent by OTLP/HTTP "
               "in JSON, such as http://localhost:4318/v1/traces; if empty, there are none. A request's "
               "traceparent is in the log in any case.",
               keepIn([](Settings& s) { return &s.trace.endpoint; })));
    table.push_back(define("trace.allowHttp", BooleanType{}, "false", at,
                           "Whether trace.endpoint may be plain http to another machine.",
                           keepIn([](Settings& s) { return &s.trace.allowHttp; })));
    table.push_back(
        define("trace.ratio", RatioType{}, "0.01", at,
               "The share of traces that are exported of those that begin here. Where the caller has "
               "begun the trace, its traceparent says whether.",
               [](Settings& s, double ratio) -> Reason {
                   s.trace.sampling = TraceSampling::ofRatio(ratio);
                   return accepted;
               }));
    table.push_back(
        define("trace.slow", DurationType{0ms, 10min}, "0s", at,
               "Requests that took this long are exported whatever the ratio says, as those with a status "
               "of 500 or more always are; 0s: not for that reason.",
               keepIn([](Settings& s) { return &s.trace.slow; })));
    table.push_back(
        define("trace.refusals", BooleanType{}, "false", at,
               "Whether refused requests are exported whatever the ratio says. Anybody can cause them.",
               keepIn([](Settings& s) { return &s.trace.refusals; })));
    table.push_back(define("trace.subjects", BooleanType{}, "false", at,
                           "Whether spans have the caller's sub, as enduser.id.",
                           keepIn([](Settings& s) { return &s.trace.subjects; })));
    table.push_back(
        define("trace.queue", IntegerType{16, 65'536}, "2048", at,
               "The number of requests whose spans wait to be exported, rounded up to a power of two; "
               "further ones are dropped and counted.",
               keepIn([](Settings& s) { return &s.trace.queue; })));
    table.push_back(
        define("trace.timeout", DurationType{100ms, 1min}, "10s", at,
               "The time limit for each export, and for those that are left when the daemon stops, as "
               "far as server.drainTimeout is not shorter.",
               keepIn([](Settings& s) { return &s.trace.timeout; })));
    table.push_back(define("trace.serviceName", TextType{}, "changebank", at,
                           "The service.name of the spans.",
                           keepIn([](Settings& s) { return &s.trace.serviceName; })));
    table.push_back(
        define("trace.caFile", PathType{}, "", at,
               "A PEM file with the certificate authorities that are trusted for trace.endpoint; if empty, "
               "those of the system.",
               keepIn([](Settings& s) { return &s.trace.caFile; })));
    table.push_back(
        define(headersKey, PathType{}, "", at,
               "A file with fields for each export, such as Authorization: Bearer TOKEN, one a line. "
               "Nobody but the owner and the group may be able to read it.",
               keepIn([](Settings& s) { return &s.trace.headersFile; })));
}

void checkTraces(ParsedSettings& parsed) {
    auto& trace = parsed.settings.trace;
    if (trace.endpoint.empty()) {
        trace.sampling = {};
        parsed.noteUnused({"trace.allowHttp", "trace.ratio", "trace.slow", "trace.refusals", "trace.subjects",
                           "trace.queue", "trace.timeout", "trace.serviceName", "trace.caFile", headersKey},
                          "trace.endpoint is not set");
        return;
    }
    if (auto why = faultOfEndpoint(trace)) return parsed.addFault(endpointKey, std::move(*why));
    if (auto why = trace.caFile.empty() ? std::nullopt : faultOfAuthorities(trace.caFile))
        parsed.addFault("trace.caFile", inQuotes(trace.caFile) + " " + *why);
    if (trace.headersFile.empty()) return;
    if (isPlainHttpToOthers(*httpUrl(trace.endpoint)))
        parsed.addFault(headersKey, "would be sent over plain http to another machine");
    if (auto why = readHeaders(trace)) parsed.addFault(headersKey, std::move(*why));
}

}  // namespace changebank::daemon
