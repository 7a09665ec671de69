#pragma once

#include <string_view>
#include <vector>

namespace changebank::handlers {

/// A file of the page, compiled into the program. All texts have static storage.
struct PageAsset {
    /// The path to serve it under.
    std::string_view path;
    std::string_view contentType;
    std::string_view body;
    /// The body compressed by the build; empty if that does not make it shorter, if it has a `@cookie@`, or,
    /// of brotli, if the build had no program for it.
    std::string_view gzip{};
    std::string_view brotli{};
};

/// Every file of handlers/page/. In /openapi.json, `@cookie@` stands for the name of the token's cookie.
const std::vector<PageAsset>& pageAssets();

}  // namespace changebank::handlers
