#include "changebank/daemon/admin/QueryNumber.h"

#include <utility>

#include "changebank/handlers/routing/QueryParameter.h"

namespace changebank::daemon {

using handlers::ParameterFault;

std::variant<std::string, BadValue> queryText(std::string_view query, std::string_view name,
                                              std::string other) {
    auto found = handlers::queryParameter(query, name);
    if (auto* value = std::get_if<std::string>(&found)) return std::move(*value);
    if (std::get<ParameterFault>(found) == ParameterFault::repeated)
        return BadValue{std::string(name) + " is repeated"};
    return other;
}

std::variant<std::uint64_t, BadValue> queryNumber(std::string_view query, std::string_view name,
                                                  std::uint64_t other, const IntegerType& range) {
    auto text = queryText(query, name, std::to_string(other));
    if (auto* bad = std::get_if<BadValue>(&text)) return std::move(*bad);
    const auto number = range.read(std::get<std::string>(text));
    if (const auto* bad = std::get_if<BadValue>(&number))
        return BadValue{std::string(name) + ": " + bad->why};
    return std::get<IntegerType::Value>(number);
}

}  // namespace changebank::daemon
