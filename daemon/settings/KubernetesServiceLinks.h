#pragma once

#include <map>
#include <string>
#include <vector>

namespace changebank::daemon {

/// The variables that Kubernetes sets in each container after the services of its namespace ("service links",
/// as Docker's `--link` made them). A service named `changebank` or `changebank-canary` thereby brings
/// variables that begin with CHANGEBANK_, as those of settings do, and that no operator wrote.
///
/// A service is known by three variables that fit each other, so that no misspelt setting is taken for one:
/// for a prefix P, P_SERVICE_HOST=H, P_SERVICE_PORT=N and P_PORT_N_TCP=tcp://H:N (or UDP, SCTP). Immutable.
class KubernetesServiceLinks {
public:
    /// `environment` is `NAME=VALUE` each.
    explicit KubernetesServiceLinks(const std::vector<std::string>& environment);

    /// Whether a variable was made after one of the services. P_PORT is only if it has an address of the form
    /// tcp://H:N: the service `changebank-server` does not take the setting CHANGEBANK_SERVER_PORT away.
    bool contains(const std::string& name, const std::string& value) const;

    /// The services whose variables begin with CHANGEBANK, by their names in Kubernetes, sorted.
    std::vector<std::string> services() const;

private:
    /// What P stands for is the key, H the value.
    std::map<std::string, std::string> _hosts;
};

}  // namespace changebank::daemon
