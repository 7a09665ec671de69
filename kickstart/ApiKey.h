#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kickstart/Digest.h"
#include "kickstart/Uuid.h"

namespace changebank::kickstart {

/// A key that opens the management APIs. Only its SHA-256 digest is kept.
class ApiKey {
public:
    /// With a tenant the key opens no API that all tenants share, nor the things of another tenant.
    explicit ApiKey(std::string_view key, std::optional<Uuid> tenantId = std::nullopt)
        : _digest(sha256(key)), _tenantId(std::move(tenantId)) {}

    /// Whether that is the key; takes the same time for every text of the same length.
    bool matches(std::string_view key) const { return areEqualSecrets(sha256(key), _digest); }

    const std::optional<Uuid>& tenantId() const noexcept { return _tenantId; }

private:
    std::string _digest;
    std::optional<Uuid> _tenantId;
};

}  // namespace changebank::kickstart
