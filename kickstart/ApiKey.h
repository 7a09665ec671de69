#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "kickstart/Uuid.h"

namespace changebank::kickstart {

/// A key that opens the management APIs, all of them or some. Only its SHA-256 digest is kept.
class ApiKey {
public:
    /// The methods that may be called by the API's path without ids: "/api/user/registration".
    using Permissions = std::map<std::string, std::set<std::string>>;

    explicit ApiKey(std::string_view key);

    static ApiKey ofDigest(std::string digest) { return ApiKey(DigestTag(), std::move(digest)); }

    /// Lets the key open these APIs alone; without any, it opens none.
    void restrictTo(Permissions permissions) { _permissions = std::move(permissions); }

    /// Lets the key open no API that all tenants share, nor the things of another tenant.
    void restrictTo(Uuid tenantId) { _tenantId = std::move(tenantId); }

    /// Whether that is the key; takes the same time for every text of the same length.
    bool matches(std::string_view key) const;

    bool permits(const std::string& api, const std::string& method) const;

    const std::string& digest() const noexcept { return _digest; }
    const std::optional<Permissions>& permissions() const noexcept { return _permissions; }
    const std::optional<Uuid>& tenantId() const noexcept { return _tenantId; }

private:
    struct DigestTag {};
    ApiKey(DigestTag, std::string digest) : _digest(std::move(digest)) {}

    std::string _digest;
    std::optional<Permissions> _permissions;
    std::optional<Uuid> _tenantId;
};

}  // namespace changebank::kickstart
