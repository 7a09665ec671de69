#include "changebank/daemon/settings/KubernetesServiceLinks.h"

#include <Poco/RegularExpression.h>
#include <Poco/String.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

namespace {

constexpr std::string_view hostSuffix = "_SERVICE_HOST";
constexpr std::array<std::string_view, 3> protocols{"TCP", "UDP", "SCTP"};

/// `tcp://H:`; a number follows.
std::string addressWithoutPort(std::string_view protocol, const std::string& host) {
    const bool isIpv6 = host.find(':') != std::string::npos;
    return Poco::toLower(std::string(protocol)) + "://" + (isIpv6 ? "[" + host + "]" : host) + ":";
}

bool isNumber(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool isAddressOf(const std::string& host, const std::string& value) {
    return std::any_of(protocols.begin(), protocols.end(), [&](auto protocol) {
        const auto beginning = addressWithoutPort(protocol, host);
        return value.starts_with(beginning) && isNumber(std::string_view(value).substr(beginning.size()));
    });
}

using Variables = std::map<std::string, std::string>;

bool isService(const Variables& variables, const std::string& prefix, const std::string& host) {
    const auto port = variables.find(prefix + "_SERVICE_PORT");
    if (port == variables.end() || !isNumber(port->second)) return false;
    return std::any_of(protocols.begin(), protocols.end(), [&](auto protocol) {
        const auto link = variables.find(prefix + "_PORT_" + port->second + "_" + std::string(protocol));
        return link != variables.end() && link->second == addressWithoutPort(protocol, host) + port->second;
    });
}

/// Whether a suffix of a service's prefix is one that Kubernetes sets, except _PORT.
bool isLinkEnding(const std::string& ending) {
    static const Poco::RegularExpression endings(
        "_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?|_PORT_[0-9]+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?");
    return endings.match(ending);
}

}  // namespace

KubernetesServiceLinks::KubernetesServiceLinks(const std::vector<std::string>& environment) {
    Variables variables;
    for (const auto& variable : environment) {
        const auto equals = variable.find('=');
        if (variable.starts_with(environmentPrefix) && equals != std::string::npos)
            variables.emplace(variable.substr(0, equals), variable.substr(equals + 1));
    }
    for (const auto& [name, value] : variables) {
        if (!name.ends_with(hostSuffix)) continue;
        const auto prefix = name.substr(0, name.size() - hostSuffix.size());
        if (isService(variables, prefix, value)) _hosts.emplace(prefix, value);
    }
}

bool KubernetesServiceLinks::contains(const std::string& name, const std::string& value) const {
    return std::any_of(_hosts.begin(), _hosts.end(), [&](const auto& service) {
        const auto& [prefix, host] = service;
        if (!name.starts_with(prefix)) return false;
        const auto ending = name.substr(prefix.size());
        return ending == "_PORT" ? isAddressOf(host, value) : isLinkEnding(ending);
    });
}

std::vector<std::string> KubernetesServiceLinks::services() const {
    std::vector<std::string> names;
    for (const auto& [prefix, host] : _hosts)
        names.push_back(Poco::translate(Poco::toLower(prefix), "_", "-"));
    return names;
}

}  // namespace changebank::daemon
