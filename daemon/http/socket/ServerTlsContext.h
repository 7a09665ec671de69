#pragma once

#include <Poco/Net/Context.h>

#include <string>

namespace changebank::http {

/// The PEM files that make a server speak TLS.
struct TlsFiles {
    std::string certificate;  ///< The server's certificate, then those of its issuers.
    std::string key;          ///< Its private key, without a passphrase.
    std::string clientCa;     ///< If not empty: clients must show a certificate that one of these issued.

    friend bool operator==(const TlsFiles&, const TlsFiles&) = default;
};

/// A context for TLS 1.2 and up, with forward secrecy and authenticated encryption only. Never prompts: a key
/// under a passphrase is an error. Throws Poco::Net::SSLContextException that names the file and the fault.
Poco::Net::Context::Ptr serverTlsContext(const TlsFiles& files);

}  // namespace changebank::http
