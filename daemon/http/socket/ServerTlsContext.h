#pragma once

#include <Poco/Net/Context.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace changebank::http {

/// What a server does about client certificates in its handshakes.
enum class ClientCertificates : unsigned char {
    Off,  ///< It does not ask for any.
    /// It asks, and also admits clients that send none. Without authorities it takes any certificate, no
    /// matter who issued it, expired or not: a token is bound to the certificate's hash, and the handshake
    /// proves that the client has the key, so that the PKI does not matter (RFC 8705 sections 2.2, 3
    /// and 6.2). Only the key must be strong enough to prove anything (minClientKeyStrength) and its
    /// signatures cheap to verify: RSA within maxClientModulusBits and maxClientExponentBits, EC on P-256,
    /// P-384 or P-521, Ed25519 or Ed448. With authorities, a certificate that is sent must be as with
    /// Require.
    Request,
    Require  ///< Clients must send one that is valid and was issued by one of the authorities.
};

/// The PEM files of a TLS server, and what it expects of clients.
struct TlsFiles {
    std::string certificate;  ///< The server's certificate, then those of its issuers.
    std::string key;          ///< Its private key, without a passphrase.
    std::string clientCa;     ///< The authorities that issue clients' certificates; may be empty.
    /// std::nullopt: Require with authorities, otherwise Off.
    std::optional<ClientCertificates> clientCertificates{};

    ClientCertificates expected() const {
        return clientCertificates.value_or(clientCa.empty() ? ClientCertificates::Off
                                                            : ClientCertificates::Require);
    }

    friend bool operator==(const TlsFiles&, const TlsFiles&) = default;
};

/// The maximum length of the DER of a client's own certificate in bytes; longer ones end the handshake. A
/// session ticket has the certificate in it and comes back in a ClientHello, which must not exceed
/// TlsSession::maxClientHello.
inline constexpr std::size_t maxClientCertificate = std::size_t{12} * 1024;
/// The least strength of a client's key in bits where no authority vouches for it: RSA of 2048 bits
/// (NIST SP 800-57 part 1, section 5.6.1).
inline constexpr int minClientKeyStrength = 112;
/// The maximum lengths of a client's RSA key in bits where no authority vouches for it: they bound what the
/// verification of its signature costs. Authorities answer for the keys that they certify.
inline constexpr int maxClientModulusBits = 4096;
inline constexpr int maxClientExponentBits = 64;

/// A context for TLS 1.2 and later, with forward secrecy and authenticated encryption only. Never prompts: a
/// key with a passphrase is an error. Throws Poco::Net::SSLContextException with the file and the reason, and
/// Poco::InvalidArgumentException for Require without authorities and for Off with them.
///
/// Sessions are resumed by tickets alone, which keep the client's certificate (RFC 5077, RFC 8446 section
/// 2.2). Each context has ticket keys of its own, so that no session goes on under other settings than those
/// that it began with; with authorities, no session is resumed whose certificate has expired. Certificates
/// are asked for in the first handshake only: there is neither renegotiation nor post-handshake
/// authentication (RFC 8446 section 4.6.2).
Poco::Net::Context::Ptr serverTlsContext(const TlsFiles& files);

/// The end of validity (RFC 5280 section 4.1.2.5) of the certificate that a context shows to clients.
/// std::nullopt if it shows none.
std::optional<std::chrono::sys_seconds> certificateExpiry(const Poco::Net::Context& context);

}  // namespace changebank::http
