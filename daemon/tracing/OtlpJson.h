#pragma once

#include <string>
#include <vector>

#include "changebank/daemon/tracing/Span.h"

namespace changebank::daemon {

/// The body of a request that exports spans by OTLP/HTTP in its JSON encoding (opentelemetry-proto,
/// ExportTraceServiceRequest): names in lowerCamelCase, ids in hexadecimal digits, 64-bit numbers as text,
/// enumerations as numbers. `resource` are the attributes of the program, `version` its version.
std::string otlpJson(const std::vector<Span>& spans, const std::vector<Span::Attribute>& resource,
                     const std::string& version);

}  // namespace changebank::daemon
