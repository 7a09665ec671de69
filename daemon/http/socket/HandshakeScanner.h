#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace changebank::http {

/// Finds handshake messages in a client's plaintext records that claim to be too long (RFC 8446 sections 4
/// and 5.1). OpenSSL allocates what a ClientHello claims, up to 128 KiB, as soon as it has the first four
/// bytes. Records of other types are skipped.
class HandshakeScanner {
public:
    explicit HandshakeScanner(std::size_t maxMessage) : _maxMessage(maxMessage) {}

    /// Scans the next bytes of the stream. Returns false if a message claims more than the maximum; do not
    /// call it again then.
    bool scan(std::string_view bytes);

private:
    /// A header of fixed size that may arrive in parts.
    template <std::size_t size>
    struct Header {
        std::array<unsigned char, size> bytes{};
        std::size_t length = 0;

        void take(std::string_view& input);
        bool isComplete() const { return length == size; }
    };

    bool scanMessages(std::string_view fragment);

    const std::size_t _maxMessage;
    Header<5> _record;   ///< Type, version, two bytes of length.
    Header<4> _message;  ///< Type, three bytes of length.
    std::size_t _recordLeft = 0;
    std::size_t _messageLeft = 0;
};

}  // namespace changebank::http
