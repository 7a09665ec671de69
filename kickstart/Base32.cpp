#include "kickstart/Base32.h"

#include <Poco/Base32Decoder.h>
#include <Poco/Base32Encoder.h>
#include <Poco/Exception.h>
#include <Poco/String.h>

#include <iterator>
#include <sstream>

namespace changebank::kickstart {

std::string encodeBase32(const std::string& octets) {
    std::ostringstream text;
    Poco::Base32Encoder encoder(text, /*padding=*/false);
    encoder << octets;
    encoder.close();
    return text.str();
}

std::optional<std::string> decodeBase32(const std::string& text) {
    const auto letters = Poco::toUpper(text.substr(0, text.find_last_not_of('=') + 1));
    // The decoder skips padding between letters.
    if (letters.find('=') != std::string::npos) return std::nullopt;
    try {
        std::istringstream stream(letters);
        Poco::Base32Decoder decoder(stream);
        return std::string{std::istreambuf_iterator<char>(decoder), {}};
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

}  // namespace changebank::kickstart
