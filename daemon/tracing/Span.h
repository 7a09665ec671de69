#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace changebank::daemon {

/// One span, as OpenTelemetry knows it. Text in it may be a client's: it is quoted where it is written.
struct Span {
    /// The numbers of opentelemetry-proto's SpanKind.
    enum class Kind : unsigned char { internal = 1, server = 2, client = 3 };
    using Time = std::chrono::sys_time<std::chrono::nanoseconds>;
    /// The name has static storage. A list is an array of texts.
    using Value = std::variant<std::string, std::int64_t, std::vector<std::string>>;
    using Attribute = std::pair<std::string_view, Value>;

    /// 32 and 16 hexadecimal digits in lower case; the parent's are empty if there is none.
    std::string traceId{};
    std::string spanId{};
    std::string parentId{};
    std::string name{};
    Kind kind = Kind::internal;
    Time begin{};
    Time end{};
    std::vector<Attribute> attributes{};
    /// Whether the status is an error; otherwise it is unset.
    bool hasFailed = false;
};

}  // namespace changebank::daemon
