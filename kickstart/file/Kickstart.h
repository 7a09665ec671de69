#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "changebank/kickstart/directory/ApiKey.h"
#include "changebank/kickstart/directory/FreshInstallation.h"
#include "changebank/kickstart/file/Expansion.h"

namespace changebank::kickstart {

/// One element of a kickstart's `requests`, expanded.
struct KickstartRequest {
    /// Its place in the file: "requests[3]".
    std::string place;
    std::string method;
    /// Path and query, always beginning with a slash.
    std::string url;
    std::optional<std::string> tenantId;
    /// JSON text, or empty.
    std::string body;
};

/// A kickstart file as FusionAuth reads it at its first start.
struct Kickstart {
    /// The file's name as given, for messages.
    std::string file;
    InstallationIds ids;
    /// In the order of the file; at least one.
    std::vector<ApiKey> apiKeys;
    /// The text of the first key, with which the requests run. A secret.
    std::string firstApiKey;
    /// In the order of the file, in which they run; without those that cannot be read.
    std::vector<KickstartRequest> requests;
    /// A line for each API key and request that is left out, with its place and the reason.
    std::vector<std::string> omissions{};

    /// Reads a kickstart; paths of included files are relative to it. Throws KickstartFault with the place
    /// and the reason if the file as a whole, its variables or its first API key are invalid.
    static Kickstart read(const std::filesystem::path& file, const Expansion::Source& environment);
};

}  // namespace changebank::kickstart
