#pragma once

#include <map>
#include <string>
#include <vector>

namespace changebank::daemon {

/// The variables that Kubernetes sets in each container for the services of its namespace ("service links",
/// in the style of Docker's `--link`). A service named `changebank` or `changebank-canary` adds variables
/// that begin with CHANGEBANK_, like those of settings, but were not set by an operator.
///
/// A service is recognized by three consistent variables, so that no misspelt setting is mistaken for one:
/// for a prefix P, P_SERVICE_HOST=H, P_SERVICE_PORT=N and P_PORT_N_TCP=tcp://H:N (or UDP, SCTP). Immutable.
class KubernetesServiceLinks {
public:
    /// `environment` contains `NAME=VALUE` texts.
    explicit KubernetesServiceLinks(const std::vector<std::string>& environment);

    /// Whether a variable belongs to one of the services. P_PORT does so only if its value has the form
    /// tcp://H:N: the service `changebank-server` does not hide the setting CHANGEBANK_SERVER_PORT.
    bool contains(const std::string& name, const std::string& value) const;

    /// The names in Kubernetes of the services whose variables begin with CHANGEBANK, sorted.
    std::vector<std::string> services() const;

private:
    /// Maps prefix P to host H.
    std::map<std::string, std::string> _hosts;
};

}  // namespace changebank::daemon
