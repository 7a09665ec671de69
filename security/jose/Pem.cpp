#include "changebank/security/jose/Pem.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

#include <memory>
#include <optional>
#include <utility>

namespace changebank::security {

namespace {

using MemoryBio = std::unique_ptr<BIO, OpenSslDeleter<BIO_free>>;
struct MemoryFreer {
    void operator()(void* memory) const noexcept { OPENSSL_free(memory); }
};
template <typename T>
using Memory = std::unique_ptr<T, MemoryFreer>;

MemoryBio readerOf(std::string_view text) {
    return MemoryBio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::optional<PemBlock> readBlock(BIO& text) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* bytes = nullptr;
    long size = 0;
    if (PEM_read_bio(&text, &name, &header, &bytes, &size) != 1) return std::nullopt;
    const Memory<char> nameOwner(name);
    const Memory<char> headerOwner(header);
    const Memory<unsigned char> bytesOwner(bytes);
    return PemBlock{
        name, {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)}, *header != '\0'};
}

}  // namespace

std::vector<PemBlock> pemBlocksIn(std::string_view text) {
    const ErrorQueueCleaner cleaner;
    std::vector<PemBlock> blocks;
    const auto reader = readerOf(text);
    while (auto block = reader ? readBlock(*reader) : std::nullopt)
        blocks.push_back(std::move(*block));
    return blocks;
}

EvpKey privateKeyIn(std::string_view pem) {
    const ErrorQueueCleaner cleaner;
    const auto reader = readerOf(pem);
    // Without this function, OpenSSL would ask the terminal for a passphrase.
    const auto noPassphrase = [](char*, int, int, void*) { return -1; };
    return EvpKey(reader ? PEM_read_bio_PrivateKey(reader.get(), nullptr, noPassphrase, nullptr) : nullptr);
}

}  // namespace changebank::security
