#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace changebank::kickstart {

/// The body, or std::nullopt if it is longer than that.
std::optional<std::string> readBody(Poco::Net::HTTPServerRequest& request, std::size_t maxBytes);

/// How the caller reaches us: "http://localhost:9011"; https if a proxy says so with X-Forwarded-Proto. The
/// header Host goes into answers, so nothing but an authority is taken from it.
std::string baseUrlOf(const Poco::Net::HTTPServerRequest& request);

/// The cookies by name; the first of two equal names counts.
std::map<std::string, std::string> cookiesOf(const Poco::Net::HTTPServerRequest& request);

}  // namespace changebank::kickstart
