#include "changebank/daemon/http/socket/CertificateThumbprint.h"

#include <Poco/Net/SSLException.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>

#include "changebank/base/text/Base64Url.h"

namespace changebank::http {

std::string certificateThumbprint(const X509& certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) {
        ERR_clear_error();
        throw Poco::Net::SSLException("cannot compute the thumbprint of a certificate");
    }
    return encodeBase64Url({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace changebank::http
