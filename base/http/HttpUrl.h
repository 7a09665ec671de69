#pragma once

#include <Poco/URI.h>

#include <optional>
#include <string>

namespace changebank {

/// An http or https URL with a host, which is a name of letters, digits, points, hyphens and underscores, or
/// an address; std::nullopt for any other text.
std::optional<Poco::URI> httpUrl(const std::string& text);

/// Whether a URL is plain http to another machine than this, so that others could read and change what is
/// sent.
bool isPlainHttpToOthers(const Poco::URI& url);

}  // namespace changebank
