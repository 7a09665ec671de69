#include "changebank/base/http/CertificateAuthorities.h"

#include <Poco/Exception.h>

#include <array>

namespace changebank {

namespace {

std::string firstQueuedError() {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    return text.data();
}

}  // namespace

CertificateAuthorities::CertificateAuthorities(const std::string& file) : _store(X509_STORE_new()) {
    const ErrorQueueCleaner cleaner;
    const bool isLoaded = _store && (file.empty() ? X509_STORE_set_default_paths(_store.get()) == 1
                                                  : X509_STORE_load_file(_store.get(), file.c_str()) == 1);
    if (!isLoaded)
        throw Poco::FileException("cannot read the certificate authorities: " + firstQueuedError());
}

}  // namespace changebank
