#pragma once

#include <Poco/Net/Context.h>

#include <string>

namespace changebank::http {

/// The PEM files of a TLS server.
struct TlsFiles {
    std::string certificate;  ///< The server's certificate, then those of its issuers.
    std::string key;          ///< Its private key, without a passphrase.
    std::string clientCa;     ///< If not empty: clients must present a certificate issued by one of these.

    friend bool operator==(const TlsFiles&, const TlsFiles&) = default;
};

/// A context for TLS 1.2 and later, with forward secrecy and authenticated encryption only. Never prompts: a
/// key with a passphrase is an error. Throws Poco::Net::SSLContextException with the file and the reason.
Poco::Net::Context::Ptr serverTlsContext(const TlsFiles& files);

}  // namespace changebank::http
