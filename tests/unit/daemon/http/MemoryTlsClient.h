#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "tests/support/TestCertificate.h"

namespace changebank::http::test {

/// The client's side of a TLS handshake without a socket, so that a test can send parts of it.
class MemoryTlsClient {
public:
    /// Speaks that version alone, and shows the certificate unless it is null.
    MemoryTlsClient(int version, const tests::TestCertificate* certificate) {
        SSL_CTX_set_min_proto_version(_context.get(), version);
        SSL_CTX_set_max_proto_version(_context.get(), version);
        if (certificate != nullptr) {
            SSL_CTX_use_certificate_chain_file(_context.get(), certificate->certificateFile().c_str());
            SSL_CTX_use_PrivateKey_file(_context.get(), certificate->keyFile().c_str(), SSL_FILETYPE_PEM);
        }
        _tls.reset(SSL_new(_context.get()));
        SSL_set_bio(_tls.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(_tls.get());
    }

    /// What it sends after it has received these bytes; at first it has received none.
    std::string answer(std::string_view received) {
        BIO_write(SSL_get_rbio(_tls.get()), received.data(), static_cast<int>(received.size()));
        SSL_do_handshake(_tls.get());
        ERR_clear_error();
        std::string bytes(BIO_ctrl_pending(SSL_get_wbio(_tls.get())), '\0');
        BIO_read(SSL_get_wbio(_tls.get()), bytes.data(), static_cast<int>(bytes.size()));
        return bytes;
    }

private:
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> _context{SSL_CTX_new(TLS_client_method()),
                                                               &SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> _tls{nullptr, &SSL_free};
};

}  // namespace changebank::http::test
