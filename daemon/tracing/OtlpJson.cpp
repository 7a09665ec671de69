#include "changebank/daemon/tracing/OtlpJson.h"

#include "changebank/base/text/Json.h"

namespace changebank::daemon {

namespace {

/// An AnyValue.
std::string jsonOf(const Span::Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return "{\"intValue\":\"" + std::to_string(*number) + "\"}";
    if (const auto* text = std::get_if<std::string>(&value))
        return "{\"stringValue\":" + quoteJson(*text) + "}";
    std::string values;
    for (const auto& text : std::get<std::vector<std::string>>(value))
        values += (values.empty() ? "{\"stringValue\":" : ",{\"stringValue\":") + quoteJson(text) + "}";
    return "{\"arrayValue\":{\"values\":[" + values + "]}}";
}

std::string jsonOf(const std::vector<Span::Attribute>& attributes) {
    std::string json = "[";
    for (const auto& [key, value] : attributes)
        json += (json.size() == 1 ? "{\"key\":" : ",{\"key\":") + quoteJson(key) +
                ",\"value\":" + jsonOf(value) + "}";
    return json + "]";
}

std::string jsonOf(Span::Time time) {
    return "\"" + std::to_string(time.time_since_epoch().count()) + "\"";
}

std::string jsonOf(const Span& span) {
    std::string json = R"({"traceId":")" + span.traceId + R"(","spanId":")" + span.spanId + "\"";
    if (!span.parentId.empty()) json += R"(,"parentSpanId":")" + span.parentId + "\"";
    json += ",\"name\":" + quoteJson(span.name) + ",\"kind\":" + std::to_string(static_cast<int>(span.kind));
    json += ",\"startTimeUnixNano\":" + jsonOf(span.begin) + ",\"endTimeUnixNano\":" + jsonOf(span.end);
    json += ",\"attributes\":" + jsonOf(span.attributes);
    // STATUS_CODE_ERROR.
    return json + (span.hasFailed ? ",\"status\":{\"code\":2}}" : ",\"status\":{}}");
}

}  // namespace

std::string otlpJson(const std::vector<Span>& spans, const std::vector<Span::Attribute>& resource,
                     const std::string& version) {
    std::string json = R"({"resourceSpans":[{"resource":{"attributes":)" + jsonOf(resource) +
                       R"(},"scopeSpans":[{"scope":{"name":"changebank","version":)" + quoteJson(version) +
                       R"(},"spans":[)";
    bool isFirst = true;
    for (const auto& span : spans) {
        if (!isFirst) json += ',';
        isFirst = false;
        json += jsonOf(span);
    }
    return json + "]}]}]}";
}

}  // namespace changebank::daemon
