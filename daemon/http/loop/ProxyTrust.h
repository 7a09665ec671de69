#pragma once

#include "changebank/daemon/http/message/ForwardedField.h"
#include "changebank/daemon/http/socket/TrustedProxies.h"

namespace changebank::http {

/// The proxies whose word about their clients a server takes, and how they give it. Nothing is believed from
/// anybody else. An immutable value.
struct ProxyTrust {
    TrustedProxies proxies;
    /// The field in which they name their clients; the other one is ignored, since a client may send it.
    ForwardedField field = ForwardedField::xForwardedFor;
    /// Their connections begin with a header of the PROXY protocol (ProxyHeader.h), and those of others do
    /// not.
    bool usesProxyProtocol = false;

    friend bool operator==(const ProxyTrust&, const ProxyTrust&) = default;
};

}  // namespace changebank::http
