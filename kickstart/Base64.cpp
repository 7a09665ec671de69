#include "kickstart/Base64.h"

#include <Poco/Base64Decoder.h>
#include <Poco/Base64Encoder.h>
#include <Poco/Exception.h>

#include <iterator>
#include <sstream>

namespace changebank::kickstart {

std::string encodeBase64(const std::string& octets) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << octets;
    encoder.close();
    return text.str();
}

std::optional<std::string> decodeBase64(const std::string& text) {
    try {
        std::istringstream stream(text);
        Poco::Base64Decoder decoder(stream);
        std::string octets{std::istreambuf_iterator<char>(decoder), {}};
        // The decoder skips spaces and stops at the padding, wherever it is.
        return encodeBase64(octets) == text ? std::optional(std::move(octets)) : std::nullopt;
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

}  // namespace changebank::kickstart
